"""Presets on the page Run: between the bar, the form and the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.model import Actor, FormValues, LaunchRequest, Preset, Role
from opsdash_widgets.core.service import Service, open_service
from opsdash_widgets.ui.app import Dashboard

from .conftest import until
from .test_run_page import pick, press

GREET = "jobs.greet"


def ask(page: Any, kind: str, **content: Any) -> None:
    """What the browser sends for the preset bar."""
    press(page.presets.bar, kind, **content)


def saved(page: Any, title: str, **values: str) -> None:
    """Fill the form, and save it under a name."""
    for field, value in values.items():
        page.form.set_value(f"--{field}", value)
    ask(page, "save_as", name=title, description=f"about {title}")
    until(lambda: page.presets.bar.chosen == f"own:{title}", "it is saved")


def told(page: Any, words: str) -> None:
    """Wait until the bar says something."""
    bar = page.presets.bar
    until(lambda: words in bar.status.get("text", ""), f"the bar says {words}")


def refused(page: Any, words: str) -> None:
    """Wait until the bar says why something was not done."""
    bar = page.presets.bar
    until(lambda: words in bar.problem.get("message", ""), f"the bar says {words}")


def test_the_form_is_kept_under_a_name_and_comes_back(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    saved(page, "month end", name="you", count="3")
    bar = page.presets.bar
    assert [row["name"] for row in bar.presets] == ["month end"]
    assert not bar.modified
    page.form.set_value("--count", "4")
    until(lambda: bar.modified, "it is seen to differ")
    ask(page, "load", key="own:month end")
    told(page, "in the form")
    assert page.form.values["values"] == {"--name": "you", "--count": "3"}
    assert not bar.modified
    ask(page, "undo")
    told(page, "as it was")
    assert page.form.values["values"]["--count"] == "4"


def test_a_value_that_is_the_default_does_not_make_the_form_differ(
    panel: Dashboard,
) -> None:
    page = pick(panel, GREET)
    saved(page, "a", name="you")
    page.form.set_value("--count", "1")
    page.form.set_value("--name", "me")
    until(lambda: page.presets.bar.modified, "another name is seen")
    page.form.set_value("--name", "you")
    until(lambda: not page.presets.bar.modified, "it is the same again")


def test_saving_again_never_takes_away_what_somebody_else_saved(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, GREET)
    saved(page, "shared", name="you")
    theirs = service.presets.load(GREET, "shared")
    other = Preset(
        name="shared", module=GREET, values=FormValues(values={"--name": "they"})
    )
    service.presets.save(other, theirs.fingerprint)
    page.form.set_value("--name", "me")
    ask(page, "save")
    refused(page, "changed by somebody else")
    kept = service.presets.load(GREET, "shared").preset.values.values
    assert kept == {"--name": "they"}


def test_deleting_can_be_undone(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    saved(page, "a", name="you")
    ask(page, "delete")
    told(page, "is deleted")
    assert page.presets.bar.presets == []
    assert page.presets.bar.status["undo"] is True
    ask(page, "undo")
    told(page, "is back")
    assert page.presets.bar.chosen == "own:a"


def test_a_preset_is_renamed_exported_and_imported(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    sent: list[Any] = []
    page.presets.bar.send = lambda content, *_: sent.append(content)
    saved(page, "a", name="you")
    ask(page, "rename", name="b")
    told(page, "called b")
    ask(page, "export", all=False)
    until(lambda: any(one["kind"] == "file" for one in sent), "the file is given")
    file = next(one for one in sent if one["kind"] == "file")
    assert file["name"] == "jobs.greet.b.json"
    assert json.loads(file["text"])["name"] == "b"
    ask(page, "import", text=file["text"], name="mine.json")
    until(lambda: any(one["kind"] == "exists" for one in sent), "it is asked")
    ask(page, "import", text=file["text"], name="mine.json", replace=True)
    told(page, "Imported: b")
    ask(page, "import", text="{", name="mine.json")
    refused(page, "mine.json, line 1")


def test_a_default_preset_lists_every_argument(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    ask(page, "default")
    told(page, "default is made")
    assert page.form.values["values"] == {"--count": "1"}
    ask(page, "default")
    told(page, "default 2 is made")


def test_the_json_of_the_form_is_edited_checked_and_applied(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    page.form.set_value("--name", "you")
    bar = page.presets.bar
    ask(page, "edit")
    until(lambda: bar.document, "the document is there")
    document = {**bar.document, "values": {"values": {"--count": "many"}}}
    ask(page, "validate", document=document)
    until(lambda: bar.check, "it is checked")
    assert not bar.check["accepted"]
    assert "--count" in bar.check["fields"]
    ask(page, "validate", document={**document, "valeus": {}})
    until(lambda: "valeus" in bar.check.get("message", ""), "the key is named")
    good = {"values": {"values": {"--name": "x"}}, "extra_args": ["--count", "2"]}
    ask(page, "apply", document=good)
    told(page, "in the form")
    assert page.form.values["values"] == {"--name": "x"}
    assert page.form.extra_args == "--count 2"


def test_a_preset_for_an_older_form_says_what_went_and_came(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, GREET)
    saved(page, "a", name="you", count="2")
    module = Path(service.settings.project) / "jobs" / "greet.py"
    module.write_text(module.read_text().replace("--count", "--times"))
    page.picker.value = ""
    page.picker.value = GREET
    until(lambda: "--times" in str(page.form.spec), "the new form is there")
    ask(page, "load", key="own:a")
    bar = page.presets.bar
    until(lambda: bar.drift.get("sentence"), "the bar says that it differs")
    assert bar.drift["went"] == ["--count"]
    assert bar.drift["came"] == ["--times"]
    assert page.form.values["values"] == {"--name": "you"}


def test_another_modules_presets_are_not_mixed_in(panel: Dashboard) -> None:
    page = pick(panel, GREET)
    saved(page, "a", name="you")
    pick(panel, "jobs.sleeps")
    until(lambda: page.presets.bar.module == "jobs.sleeps", "the bar follows")
    until(lambda: page.presets.bar.presets == [], "it has none")
    assert page.presets.bar.chosen == ""


def test_a_viewer_who_presses_anyway_is_refused(
    panel: Dashboard, service: Service
) -> None:
    service.presets.save(Preset(name="a", module=GREET))
    actor = Actor(name="guest", role=Role.VIEWER, origin="page")
    seen = Dashboard(open_service(service.settings.project, actor))
    until(lambda: seen.page("run").picker.modules, "the modules are listed")
    page = pick(seen, GREET)
    until(lambda: page.presets.bar.presets, "the presets are listed")
    assert not page.presets.bar.can_edit
    ask(page, "save_as", name="mine")
    refused(page, "may not")
    ask(page, "load", key="own:a")
    told(page, "in the form")
    ask(page, "delete")
    refused(page, "may not")
    assert [row.name for row in service.presets.list(GREET)] == ["a"]
    seen.close()
    seen.service.close()


@pytest.mark.parametrize("by_form", [True, False])
def test_run_again_fills_the_whole_form(
    panel: Dashboard, service: Service, by_form: bool
) -> None:
    values = FormValues(values={"--name": "you", "--count": "2"})
    request = LaunchRequest(
        module=GREET,
        values=values if by_form else None,
        argv=None if by_form else ("--name", "you", "--count=2"),
        environment="PROD",
        confirmed=True,
    )
    run = service.launch(request)
    page = pick(panel, "jobs.sleeps")
    panel.panel.start(page.fill_from(run))
    until(lambda: page.form.values.get("values"), "the form is filled")
    assert page.picker.value == GREET
    assert page.form.values["values"] == {"--name": "you", "--count": "2"}
    assert page.form.extra_args == ""
    assert panel.frame.environment == "PROD"
    until(lambda: service.run(run.run_id).is_terminal, "the run has ended")


def test_run_again_brings_extra_arguments_tokens_and_variables_back(
    panel: Dashboard, service: Service
) -> None:
    folder = Path(service.settings.project) / "jobs"
    (folder / "bare.py").write_text("import sys\nif __name__ == '__main__':\n    1\n")
    request = LaunchRequest(
        module="jobs.bare",
        values=FormValues(),
        extra_args=("COB_DATE=2025-03-31", "two words", "-x"),
        variables={"REGION": "EU"},
    )
    run = service.launch(request)
    page = panel.page("run")
    panel.panel.start(page.fill_from(run))
    until(lambda: page.form.extra_args, "the form is filled")
    assert page.form.extra_args == "'two words' -x"
    assert page.form.tokens == {"COB_DATE": "2025-03-31"}
    assert page.form.variables == {"REGION": "EU"}
    until(lambda: service.run(run.run_id).is_terminal, "the run has ended")
