"""A launch that the module's parser would refuse never starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opsdash_widgets.core.discovery import sandbox
from opsdash_widgets.core.errors import PermissionDenied, ValuesError
from opsdash_widgets.core.model import FormValues, LaunchRequest, Role, RunQuery
from opsdash_widgets.core.service import Service, Verdict

from .desk import Desk

JOB = '''
"""Even."""
import argparse

def even(text):
    with open({note!r}, "a") as note:
        note.write(text + " ")
    if int(text) % 2:
        raise argparse.ArgumentTypeError(f"{{text}} is odd")
    return int(text)

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--even", type=even)
    parser.add_argument("--token", type=even)
    build = parser.add_subparsers().add_parser("build")
    build.add_argument("--jobs", type=even)
    print("worked with", parser.parse_args().even)
'''


class Office:
    """A desk with one module whose converters note what they are given."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.note = folder / "note"
        self.module = desk.module("even", JOB.format(note=str(self.note)))
        self.service = desk.service()

    @property
    def converted(self) -> str:
        return self.note.read_text() if self.note.exists() else ""

    def request(self, **values: object) -> LaunchRequest:
        given = {f"--{name}": value for name, value in values.items()}
        return LaunchRequest(module=self.module, values=FormValues(values=given))

    def runs(self) -> int:
        return len(self.service.runs(RunQuery()).runs)

    @property
    def asks(self) -> bool:
        """Whether parsers are asked on this machine."""
        return self.service.validation_off() == ""


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    return Office(desk, tmp_path)


def test_what_the_parser_refuses_is_not_launched_and_lands_at_its_field(
    office: Office,
) -> None:
    if not office.asks:
        return
    with pytest.raises(ValuesError) as caught:
        office.service.launch(office.request(even="3"))
    assert caught.value.fields == {"--even": "argument --even: 3 is odd"}
    assert "refuses this: argument --even: 3 is odd." in caught.value.message
    assert office.runs() == 0
    assert office.converted == ""


def test_a_field_of_a_subcommand_is_named_by_its_path(office: Office) -> None:
    if not office.asks:
        return
    command = FormValues(name="build", values={"--jobs": "5"})
    values = FormValues(command=command)
    with pytest.raises(ValuesError) as caught:
        office.service.launch(LaunchRequest(module=office.module, values=values))
    assert list(caught.value.fields) == ["build --jobs"]


def test_what_the_parser_takes_is_launched(office: Office) -> None:
    heard: list[Verdict] = []
    run = office.service.launch(office.request(even="2"), heard.append)
    ended = office.desk.ended(office.service, run)
    assert ended.verdict.exit_code == 0
    expected = "accepted" if office.asks else "off"
    assert [verdict.word for verdict in heard] == [expected]
    assert office.converted == "2 ", "only the launch itself reached the file"


def test_a_live_preview_never_runs_a_converter_and_a_dry_run_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, request = office.service, office.request(even="3")
    service.module_spec(office.module)
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "ask", _refuse_to_start)
        assert service.preview(request).verdict == ""
    if not office.asks:
        return
    dry = service.preview(request, validate=True)
    assert dry.verdict == "refused"
    assert dry.verdict_message == "argument --even: 3 is odd"
    assert dry.verdict_fields == ("--even",)
    assert dry.argv == ("--even=3",)
    assert office.converted == ""


def _refuse_to_start(*args: object, **named: object) -> None:
    raise AssertionError("something was started")


def test_a_launch_by_argv_is_left_to_the_module(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "ask", _refuse_to_start)
    request = LaunchRequest(module=office.module, argv=("--even=3",))
    ended = office.desk.run(office.service, request)
    assert ended.verdict.exit_code == 2


def test_the_verdict_can_be_asked_for_alone(office: Office) -> None:
    if not office.asks:
        return
    service = office.service
    assert service.validate(office.request(even="2")) == Verdict(word="accepted")
    refused = service.validate(office.request(even="3"))
    assert (refused.word, refused.fields) == ("refused", ("--even",))
    by_argv = LaunchRequest(module=office.module, argv=("--even=5",))
    assert service.validate(by_argv).word == "refused"
    assert office.runs() == 0


def test_a_secret_is_not_in_the_parsers_words(office: Office) -> None:
    if not office.asks:
        return
    values = FormValues(values={"--token": "hunter2"})
    with pytest.raises(ValuesError) as caught:
        office.service.launch(LaunchRequest(module=office.module, values=values))
    assert list(caught.value.fields) == ["--token"]
    said = json.dumps([str(caught.value), caught.value.fields])
    assert "hunter2" not in said
    assert "invalid even value" in said


def test_a_parser_that_takes_too_long_lets_the_launch_go_on_and_it_is_said(
    desk: Desk,
) -> None:
    (desk.project / "opsdash.toml").write_text(
        'runners_package = "jobs"\nvalidate_timeout_s = 1.5\n'
    )
    module = desk.module(
        "slow",
        """
        import argparse, os, time
        def wait(text):
            while os.environ.get("OPSDASH_PROBE"):
                time.sleep(0.05)
        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--x", type=wait)
            parser.parse_args()
        """,
    )
    service = desk.service()
    heard: list[Verdict] = []
    values = FormValues(values={"--x": "1"})
    request = LaunchRequest(module=module, values=values)
    run = service.launch(request, heard.append)
    assert desk.ended(service, run).verdict.exit_code == 0
    if service.validation_off():
        return
    assert [(one.word, one.told) for one in heard] == [("unknown", True)]
    assert heard[0].message == "Its parser did not answer in time."


def test_parsers_are_not_asked_where_it_is_switched_off(desk: Desk) -> None:
    (desk.project / "opsdash.toml").write_text(
        'runners_package = "jobs"\nvalidate_before_launch = false\n'
    )
    office = Office(desk, desk.project)
    heard: list[Verdict] = []
    run = office.service.launch(office.request(even="3"), heard.append)
    assert desk.ended(office.service, run).verdict.exit_code == 2
    assert [verdict.word for verdict in heard] == ["off"]
    assert "validate_before_launch" in office.service.validation_off()


def test_where_no_overlay_is_to_be_had_the_launch_goes_on_and_it_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_MOST", "part")  # stands for a machine without one
    monkeypatch.setattr(sandbox, "_tried", [])
    heard: list[Verdict] = []
    run = office.service.launch(office.request(even="3"), heard.append)
    assert office.desk.ended(office.service, run).verdict.exit_code == 2
    assert heard[0].word == "off"
    assert office.service.validation_off() == heard[0].message
    assert "is not asked before a launch" in heard[0].message


def test_only_who_may_launch_has_a_parser_asked(desk: Desk, tmp_path: Path) -> None:
    office = Office(desk, tmp_path)
    viewer: Service = desk.service(Role.VIEWER)
    with pytest.raises(PermissionDenied):
        viewer.validate(office.request(even="2"))
    assert viewer.preview(office.request(even="2"), validate=True).verdict == ""
    operator = desk.service(Role.OPERATOR)
    with pytest.raises(PermissionDenied):
        operator.validate(LaunchRequest(module="json.tool"))
