"""``blockwright check``: all findings at once, and what the good flows ask for and fail with."""

from __future__ import annotations

import json
import shutil

from tests.cli.world import FLOWS, RESEND, Command

GOOD = "flow: good\nsteps:\n  - return: 1\n"
BAD = "flow: bad\nsteps:\n  - retrun: {a: 1}\n  - set: {b: = 1 +}\n"


def test_a_good_flow_is_one_line_with_its_inputs_and_codes(command: Command) -> None:
    result = command("check", str(RESEND))

    assert (result.code, result.err) == (0, "")
    assert result.out == (
        f"{RESEND}: right; asks for user identity (text or number); "
        "can fail with 3102, 3103, 3104, bad value, rate limited, unavailable, unexpected\n"
    )


def test_a_flow_that_cannot_fail_says_so(command: Command) -> None:
    command.write("good.yaml", GOOD)

    assert command("check", "good.yaml").out == "good.yaml: right; cannot fail\n"


def test_codes_are_explained_when_asked_for(command: Command) -> None:
    lines = command("check", str(RESEND), "--failures").out.splitlines()

    assert "  3102          The user has already confirmed the address, so nothing is sent." in lines
    assert "  unexpected    Something went wrong that nobody declared." in lines


def test_what_a_code_means_is_said_by_whoever_it_comes_from(command: Command) -> None:
    command.write(
        "called.yaml",
        "flow: called\nfailures: {3104: Not one of ours., 6: Six.}\nsteps:\n  - fail: {code: 3104, message: a}\n"
        "  - fail: {code: 6, message: a}\n    skip: true\n",
    )
    command.write(
        "flow.yaml",
        "flow: f\nsteps:\n  - called\n  - g\n  - fail: {code: 4002, message: No tulips.}\n"
        "functions:\n  g:\n    failures: {5: Five.}\n    steps:\n      - log: a\n",
    )

    lines = {tuple(line.split(maxsplit=1)) for line in command("check", "flow.yaml", "--failures").out.splitlines()}

    assert {("5", "Five."), ("6", "Six."), ("3104", "Not one of ours."), ("4002", "No tulips.")} <= lines


def test_all_findings_of_all_files_come_at_once_and_good_files_still_show(command: Command) -> None:
    command.write("bad.yaml", BAD)
    command.write("worse.yaml", "flow: worse\nsteps: 3\n")
    command.write("good.yaml", GOOD)

    result = command("check", "bad.yaml", "good.yaml", "worse.yaml", "nowhere.yaml")

    assert result.code == 2
    heads = [line.split(": ")[0] for line in result.out.splitlines() if line[:1].isalpha()]
    assert heads == ["bad.yaml:3:5", "bad.yaml:4:18", "worse.yaml:2:8", "nowhere.yaml:1:1", "good.yaml"]
    assert result.out.endswith("4 things are wrong\n")


def test_a_flow_of_another_folder_that_is_called_is_named(command: Command) -> None:
    (command.folder / "flows" / "more").mkdir(parents=True)
    command.write("flows/good.yaml", GOOD)
    command.write("flows/more/caller.yaml", "flow: caller\nsteps:\n  - good\n")

    alone = command("check", "flows")

    assert alone.code == 2
    assert "  = hint: it is a flow of another folder, which may be called with: --flows flows\n" in alone.out
    assert command("check", "flows", "--flows", "flows").code == 0


def test_what_others_have_put_into_a_folder_is_not_checked(command: Command) -> None:
    for name in ("node_modules/pack/conf.yaml", "env/lib/conf.yaml", "env/pyvenv.cfg"):
        (command.folder / name).parent.mkdir(parents=True, exist_ok=True)
        command.write(name, "a: 1\n")
    command.write("good.yaml", GOOD)

    assert command("check", ".").out == "good.yaml: right; cannot fail\n"


def test_what_is_odd_in_a_file_of_tests_is_shown_too(command: Command) -> None:
    command.write("good.yaml", GOOD)
    tests = "tests of: good\ntests:\n  - {it: works, expect: {returns: 1}}\n  - {it: works, expect: {returns: 1}}\n"
    command.write("good.tests.yaml", tests)

    result = command("check", ".")

    assert result.code == 0
    assert result.out.startswith("good.tests.yaml:4:10: warning: another test of the flow says the same\n")


def test_what_tests_give_that_can_never_be_is_found(command: Command) -> None:
    given = "{users: [{email: a@b.cd, userStatus: ENABELD}]}"
    command.write("good.yaml", f"{GOOD}tests:\n  - it: works\n    given: {given}\n    expect: {{}}\n")

    result = command("check", "good.yaml", "--json")

    assert result.code == 2
    (finding,) = json.loads(result.out)["findings"]
    assert (finding["message"], finding["mend"], finding["line"], finding["column"]) == (
        "ENABELD is no status of a user",
        "did you mean ENABLED?",
        6,
        49,
    )


def test_a_folder_is_checked_with_the_folders_in_it(command: Command) -> None:
    (command.folder / "flows" / "more").mkdir(parents=True)
    command.write("flows/good.yaml", GOOD)
    command.write("flows/more/good.yml", GOOD)
    command.write("flows/readme.md", "no flow")
    command.write("flows/.hidden.yaml", BAD)

    result = command("check", "flows")

    assert result.out == "flows/good.yaml: right; cannot fail\nflows/more/good.yml: right; cannot fail\n"


def test_a_folder_without_flows_is_a_wrong_call(command: Command) -> None:
    (command.folder / "empty").mkdir()

    result = command("check", "empty")

    assert (result.code, result.out) == (2, "")
    assert "there is no flow in the folder empty" in result.err


def test_a_finding_in_a_flow_that_others_call_is_shown_once(command: Command) -> None:
    command.write("a.yaml", "flow: a\nsteps:\n  - bad\n")
    command.write("bad.yaml", "flow: bad\nsteps:\n  - retrun: {a: 1}\n")
    command.write("c.yaml", "flow: c\nsteps:\n  - bad\n")

    result = command("check", ".")

    assert result.out.count("retrun") == 2, "once in the sentence, once in the line"


def test_services_are_not_needed_to_check(command: Command) -> None:
    result = command("check", str(RESEND))

    assert result.code == 0
    assert not (command.folder / "users.db").exists()


def test_json_has_the_findings_and_what_is_known_of_good_flows(command: Command) -> None:
    shutil.copy(RESEND, command.folder / "resend.yaml")
    command.write("bad.yaml", BAD)

    result = command("check", ".", "--json")

    data = json.loads(result.out)
    assert result.code == 2
    assert [(each["file"], each["line"], each["column"]) for each in data["findings"]] == [
        ("bad.yaml", 3, 5),
        ("bad.yaml", 4, 18),
    ]
    (flow,) = data["flows"]
    assert (flow["file"], flow["flow"]) == ("resend.yaml", "resend confirmation email to one user")
    assert flow["inputs"] == [
        {
            "name": "user identity",
            "type": "text or number",
            "required": True,
            "about": "The value of the identity column; an email address unless the app says otherwise.",
            "example": "alice@youremail.com",
        }
    ]
    assert flow["failures"][0] == {
        "code": 3102,
        "about": "The user has already confirmed the address, so nothing is sent.",
    }


def test_sarif_has_the_findings(command: Command) -> None:
    command.write("bad.yaml", BAD)

    data = json.loads(command("check", "bad.yaml", "--sarif").out)

    assert data["version"] == "2.1.0"
    assert len(data["runs"][0]["results"]) == 2


def test_json_and_sarif_together_are_a_wrong_call(command: Command) -> None:
    assert command("check", str(FLOWS), "--json", "--sarif").code == 2
