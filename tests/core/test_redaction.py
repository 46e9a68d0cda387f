"""What may never leave a run, and what must stay readable."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.core.redaction import (
    MASK,
    Redactor,
    csv_cell,
    escape_html,
    looks_secret,
    safe_text,
)

PLANTED = "Zq7hV3xLr9TfKw2N"

LEAKS = [
    f"password={PLANTED}",
    f"password = '{PLANTED}'",
    f'{{"api_key": "{PLANTED}", "x": 1}}',
    rf"{{\"password\": \"{PLANTED}\", \"a\": 1}}",
    f"DB_PASSWORD_PROD: {PLANTED}",
    f"--password {PLANTED} --verbose",
    f"--api-key='{PLANTED}'",
    f"client_secret => '{PLANTED}'",
    f"https://user:{PLANTED}@example.org/x",
    f"postgresql+psycopg://user:p@{PLANTED}@example.org:5432/db",
    f"https://{PLANTED}{PLANTED}@example.org/x",
    f"Authorization: Bearer {PLANTED}",
    f"{{'Authorization': 'Basic {PLANTED}', 'k': 1}}",
    f'Authorization: Digest username="x", response="{PLANTED}"',
    f"got bearer {PLANTED}",
    f"Set-Cookie: session={PLANTED}; Path=/",
    f"{{'Cookie': 'a={PLANTED}'}}",
    f"curl -u me:{PLANTED} https://example.org",
    f"ALTER USER x IDENTIFIED BY '{PLANTED}'",
    f"<db:password>{PLANTED}</db:password>",
    f"GET /x?token={PLANTED}&page=1",
    f"connect(user='x', password='{PLANTED}')",
    f"AccountName=x;AccountKey={PLANTED}==;EndpointSuffix=y",
    f"ghp_{PLANTED}{PLANTED}",
    f"sk-proj-{PLANTED}{PLANTED}",
    f"xoxb-1234-{PLANTED}",
    f"eyJhbGciOiJIUzI1NiJ9.{PLANTED}.{PLANTED}",
    f"https://hooks.slack.com/services/T0/B0/{PLANTED}",
    f"-----BEGIN PRIVATE KEY-----\\n{PLANTED}\\n-----END PRIVATE KEY-----",
    f"-----BEGIN RSA PRIVATE KEY-----\n{PLANTED}\nabc\n-----END RSA PRIVATE KEY-----",
    f"pass\x1b[0mword={PLANTED}",
    f"pass\u200bword={PLANTED}",
    f"\x1b]8;;https://x?token={PLANTED}\x07link\x1b]8;;\x07",
]

HARMLESS = [
    "PWD=/home/x",
    "key=None",
    "token=${TOKEN}",
    "password: str = None",
    "token = os.environ['X']",
    "max_tokens=100",
    "token: 5",
    "private_key=/home/x/.ssh/id_rsa",
    "--token-file /home/x/token",
    "loss=0.3 key=EURUSD step=5",
    "ssh://git@github.com/x",
    "http://127.0.0.1:8866/lab?x=@y",
    "the bearer of bad news",
    "sk-learn-pipeline-step-x",
    "-----BEGIN CERTIFICATE-----",
    "2025-03-31 10:00:01 INFO passed 12 of 12 checks",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_planted_secret_is_masked(text: str) -> None:
    shown = safe_text(text)
    assert PLANTED not in shown
    assert MASK in shown or "PRIVATE" not in shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_left_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_known_secrets_go_first_and_in_their_escaped_forms() -> None:
    redactor = Redactor(['p"ss/w', 'longer p"ss/w', "x"])
    assert redactor.line('a p"ss/w b') == f"a {MASK} b"
    assert redactor.line('say longer p"ss/w') == f"say {MASK}"
    assert redactor.line("u=p%22ss%2Fw") == f"u={MASK}"
    assert redactor.line(r"p\"ss/w") == MASK
    assert redactor.line("x is too short") == "x is too short"


def test_a_redactor_does_not_show_its_secrets() -> None:
    assert PLANTED not in repr(Redactor([PLANTED]))


def test_a_key_ends_where_its_text_ends_even_without_a_last_line() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nMIIabc\nTraceback (most recent call):\nok"
    assert safe_text(text).splitlines()[2:] == ["Traceback (most recent call):", "ok"]


def test_escapes_controls_and_direction_overrides_are_stripped() -> None:
    assert safe_text("\x1b[31mred\x1b[0m\ta\nb\x07\x00\x9b1mx\u202eend") == (
        "red\ta\nbxend"
    )
    assert safe_text("a\x1b]52;c;ZXZpbA==\x07b\x1b]0;title") == "ab"
    assert safe_text("name\udcff").encode() == "name\ufffd".encode()


def test_text_is_truncated_after_it_was_redacted() -> None:
    assert safe_text("abcdef", 4) == "abc…"
    assert safe_text(f"password={PLANTED}", 12) == "password=••…"


@given(st.text())
def test_safe_text_never_holds_a_control_code(text: str) -> None:
    shown = safe_text(text)
    assert not [c for c in shown if ord(c) < 32 and c not in "\t\n"]
    assert "\x1b" not in shown
    shown.encode()


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=3))
def test_a_known_secret_never_comes_through(secret: str) -> None:
    assert Redactor([secret]).line(f"<<{secret}>>") in (f"<<{MASK}>>", MASK) or (
        secret not in Redactor([secret]).line(f"<<{secret}>>")
    )


def test_html_is_escaped_for_attributes_too() -> None:
    assert escape_html("<b a='\"'>&") == "&lt;b a=&#x27;&quot;&#x27;&gt;&amp;"


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C'!A0", "-x", "@SUM(A1)", "\t=1"])
def test_a_formula_does_not_reach_a_spreadsheet(formula: str) -> None:
    sheet = io.StringIO()
    csv.writer(sheet).writerow([csv_cell(formula)])
    assert sheet.getvalue().lstrip('"').startswith("'")


@pytest.mark.parametrize("number", [-1.5, "-1.5", "+3e4", 7, None])
def test_numbers_stay_numbers_in_a_spreadsheet(number: object) -> None:
    assert csv_cell(number) == ("" if number is None else str(number))


@pytest.mark.parametrize("name", ["--password", "DB_PASSWORD", "api-key", "x_token"])
def test_names_of_secrets_are_known(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["--tokens", "key", "path", "token_file", "passes"])
def test_other_names_are_not(name: str) -> None:
    assert not looks_secret(name)
