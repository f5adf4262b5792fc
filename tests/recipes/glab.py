"""A stand-in for `glab`, as far as the recipes use it: `glab api`.

It keeps what GitLab would keep in one JSON file, `GLAB_STATE`. Flags are those of
https://docs.gitlab.com/cli/api; an unknown one is an error, as is an endpoint or a parameter that
no recipe needs. It wants the host and the token of the project in its environment.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HOST, TOKEN = "gitlab.example", "glpat-project"
ME = {"id": 77, "username": "project_42_bot"}
"""Whose token it is."""
STATES = {"opened": "opened", "close": "closed"}

State = dict[str, Any]
Fields = Mapping[str, Any]


class RefusedError(Exception):
    """GitLab's answer to a request that it does not carry out."""


def main() -> int:
    """Carry out one command line."""
    if sys.argv[1:2] != ["api"]:
        sys.exit(f"Unknown command {sys.argv[1:2]} for glab")
    parser = argparse.ArgumentParser(prog="glab api", allow_abbrev=False)
    parser.add_argument("endpoint")
    parser.add_argument("-X", "--method")
    parser.add_argument("-F", "--field", action="append", default=[])
    parser.add_argument("-f", "--raw-field", action="append", default=[])
    parser.add_argument("--paginate", action="store_true")
    given = parser.parse_args(sys.argv[2:])
    fields = {**_fields(given.raw_field, typed=False), **_fields(given.field, typed=True)}
    method = given.method or ("POST" if fields else "GET")
    if given.paginate and method != "GET":
        parser.error("the `--paginate` option is not supported for non-GET requests")
    try:
        answer = answered(method, given.endpoint, fields)
    except RefusedError as refused:
        print(f"glab: {refused}", file=sys.stderr)  # noqa: T201
        return 1
    print(answer if isinstance(answer, str) else json.dumps(answer))  # noqa: T201
    return 0


def _fields(given: list[str], *, typed: bool) -> dict[str, str]:
    """Parameters: `key=value`, and with --field `key=@file`."""
    found = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            sys.exit(f"field \"{text}\" requires a value separated by an '=' sign")
        if typed and not value.startswith("@"):
            sys.exit(
                f"--field {text}: no recipe needs glab's conversion of values; use --raw-field"
            )
        found[key] = Path(value[1:]).read_text(encoding="utf-8") if typed else value
    return found


# What GitLab answers.


def answered(method: str, endpoint: str, fields: Fields) -> Any:
    """The answer to one request; what it changes is kept."""
    if (os.environ.get("GITLAB_HOST"), os.environ.get("GITLAB_TOKEN")) != (HOST, TOKEN):
        raise RefusedError("401 Unauthorized")
    state: State = json.loads(Path(os.environ["GLAB_STATE"]).read_text(encoding="utf-8"))
    url = urlsplit(endpoint)
    query = dict(parse_qsl(url.query, strict_parsing=True)) if url.query else {}
    if query.pop("per_page", "100") != "100":
        raise RefusedError("per_page is at most 100")
    path = url.path.removeprefix(f"projects/{state['project']}/")
    for (verb, pattern), act in _ENDPOINTS.items():
        match = re.fullmatch(pattern, path)
        if match and verb == method:
            answer = act(state, match.groups(), {**query, **fields})
            Path(os.environ["GLAB_STATE"]).write_text(json.dumps(state), encoding="utf-8")
            return answer
    raise RefusedError(f"404 Not Found: {method} {endpoint}")


def _only(fields: Fields, *names: str) -> None:
    if set(fields) - set(names):
        raise RefusedError(
            f"parameters that this stand-in does not know: {set(fields) - set(names)}"
        )


def _one(items: list[Any], key: str, value: str) -> Any:
    for item in items:
        if str(item[key]) == value:
            return item
    raise RefusedError("404 Not found")


def _number(state: State) -> int:
    state["last"] += 1
    return int(state["last"])


def _me(_: State, __: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return ME


def _notes(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [note for note in state["notes"] if note["on"] == list(parts)]


def _new_note(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "body")
    _one(state[parts[0]], "iid", parts[1])
    note = {"id": _number(state), "on": list(parts), "author": ME, "body": fields["body"]}
    state["notes"].append(note)
    return note


def _edit_note(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "body")
    note = _one(state["notes"], "id", parts[2])
    if note["author"] != ME:
        raise RefusedError("403 Forbidden")
    note["body"] = fields["body"]
    return note


def _issues(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "state", "labels", "scope")
    if fields["scope"] != "created_by_me":
        raise RefusedError("no recipe needs issues of others")
    return [
        issue
        for issue in state["issues"]
        if issue["state"] == fields["state"]
        and fields["labels"] in issue["labels"]
        and issue["author"] == ME
    ]


def _new_issue(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "title", "description", "labels")
    issue = {"iid": _number(state), "title": fields["title"], "description": fields["description"]}
    issue |= {"labels": fields["labels"].split(","), "state": "opened", "author": ME}
    state["issues"].append(issue)
    return issue


def _edit_issue(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "description", "state_event")
    issue = _one(state["issues"], "iid", parts[0])
    if "description" in fields:
        issue["description"] = fields["description"]
    if "state_event" in fields:
        issue["state"] = STATES[fields["state_event"]]
    return issue


def _merged(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [
        one for one in state["merge_requests"] if parts[0] in (one["sha"], one["merge_commit_sha"])
    ]


def _pipelines(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [one for one in reversed(state["pipelines"]) if one["merge_request"] == int(parts[0])]


def _jobs(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [job for job in state["jobs"] if job["pipeline"] == int(parts[0])]


def _artifact(state: State, parts: tuple[str, ...], fields: Fields) -> str:
    _only(fields)
    file = Path(_one(state["jobs"], "id", parts[0])["folder"]) / parts[1]
    if not file.is_file():
        raise RefusedError("404 Not found")
    return file.read_text(encoding="utf-8")


_ENDPOINTS: dict[tuple[str, str], Callable[[State, tuple[str, ...], Fields], Any]] = {
    ("GET", "user"): _me,
    ("GET", r"(merge_requests|issues)/(\d+)/notes"): _notes,
    ("POST", r"(merge_requests|issues)/(\d+)/notes"): _new_note,
    ("PUT", r"(merge_requests)/(\d+)/notes/(\d+)"): _edit_note,
    ("GET", r"issues"): _issues,
    ("POST", r"issues"): _new_issue,
    ("PUT", r"issues/(\d+)"): _edit_issue,
    ("GET", r"repository/commits/(\w+)/merge_requests"): _merged,
    ("GET", r"merge_requests/(\d+)/pipelines"): _pipelines,
    ("GET", r"pipelines/(\d+)/jobs"): _jobs,
    ("GET", r"jobs/(\d+)/artifacts/([\w./-]+)"): _artifact,
}


if __name__ == "__main__":
    sys.exit(main())
