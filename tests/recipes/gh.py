"""A stand-in for `gh`, as far as the recipes use it: `gh api` and `gh run download`.

It keeps what GitHub would keep in one JSON file, `GH_STATE`. Flags are those of
https://cli.github.com/manual/gh_api and …/gh_run_download; an unknown one is an error, as is an
endpoint or a parameter that no recipe needs. `GH_TOKEN` names the permissions of the job, and what
they do not allow is refused as GitHub refuses it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.recipes.jq_command import lines

BOT = "github-actions[bot]"
LONGEST_BODY = 65_536
"""Characters of a comment or an issue."""

State = dict[str, Any]
Fields = Mapping[str, Any]


class RefusedError(Exception):
    """GitHub's answer to a request that it does not carry out."""


def main() -> int:
    """Carry out one command line."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["api"]:
        return _api(arguments[1:])
    if arguments[:2] == ["run", "download"]:
        return _download(arguments[2:])
    sys.exit(f"unknown command {arguments[:2]} for gh")


def _api(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gh api", allow_abbrev=False)
    parser.add_argument("endpoint")
    parser.add_argument("-X", "--method")
    parser.add_argument("-F", "--field", action="append", default=[])
    parser.add_argument("-f", "--raw-field", action="append", default=[])
    parser.add_argument("-q", "--jq")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    given = parser.parse_args(arguments)
    fields = _fields(given.field, given.raw_field)
    method = given.method or ("POST" if fields else "GET")
    if given.paginate and method != "GET":
        parser.error("the `--paginate` option is not supported for non-GET requests")
    if given.silent and given.jq:
        parser.error("only one of `--template`, `--jq`, `--silent`, or `--verbose` may be used")
    try:
        answer = answered(method, given.endpoint, fields)
    except RefusedError as refused:
        print(f"gh: {refused}", file=sys.stderr)  # noqa: T201
        return 1
    _print(answer, given.jq, silent=given.silent)
    return 0


def _print(answer: Any, filter_: str | None, *, silent: bool) -> None:
    if silent:
        return
    text = json.dumps(answer)
    for line in lines(filter_, text, raw=True) if filter_ else [text]:
        print(line)  # noqa: T201


def _fields(typed: list[str], raw: list[str]) -> dict[str, Any]:
    """Parameters: `key=value`, `key[]=value` for one more item, and with -F `key=@file`."""
    found: dict[str, Any] = {}
    for text, convert in [(one, False) for one in raw] + [(one, True) for one in typed]:
        key, equals, value = text.partition("=")
        if not equals:
            sys.exit(f"field \"{text}\" requires a value separated by an '=' sign")
        if convert and not value.startswith("@"):
            sys.exit(f"-F {text}: no recipe needs gh's conversion of values; write -f")
        if convert:
            value = Path(value[1:]).read_text(encoding="utf-8")
        if key.endswith("[]"):
            found.setdefault(key[:-2], []).append(value)
        else:
            found[key] = value
    return found


# What GitHub answers.


def answered(method: str, endpoint: str, fields: Fields) -> Any:
    """The answer to one request; what it changes is kept."""
    state = read()
    url = urlsplit(endpoint)
    query = dict(parse_qsl(url.query, strict_parsing=True)) if url.query else {}
    path = url.path.removeprefix(f"repos/{state['repository']}/")
    for (verb, pattern, permissions), act in _ENDPOINTS.items():
        match = re.fullmatch(pattern, path)
        if match and verb == method:
            _check_allowed(permissions)
            answer = act(state, match.groups(), {**query, **fields})
            write(state)
            return answer
    raise RefusedError(f"Not Found (HTTP 404): {method} {endpoint}")


def read() -> State:
    """All that GitHub keeps."""
    state: State = json.loads(Path(os.environ["GH_STATE"]).read_text(encoding="utf-8"))
    return state


def write(state: State) -> None:
    """Keep it."""
    Path(os.environ["GH_STATE"]).write_text(json.dumps(state, indent=1), encoding="utf-8")


def _check_allowed(permissions: str) -> None:
    """One of these permissions is enough; what may write may read."""
    kind, _, permitted = os.environ.get("GH_TOKEN", "").partition(" ")
    held = permitted.split()
    if kind != "token":
        sys.exit("gh: to use it in a workflow, set the GH_TOKEN environment variable")
    held += [one.replace("=write", "=read") for one in held]
    if not set(permissions.split("|")) & set(held):
        raise RefusedError(
            f"Resource not accessible by integration (HTTP 403): needs {permissions}"
        )


def _number(state: State) -> int:
    state["last"] += 1
    return int(state["last"])


def _body(fields: Fields) -> str:
    body = str(fields["body"])
    if len(body) > LONGEST_BODY:
        raise RefusedError(f"Body is too long (maximum is {LONGEST_BODY} characters) (HTTP 422)")
    return body


def _only(fields: Fields, *names: str) -> None:
    if set(fields) - set(names):
        raise RefusedError(
            f"parameters that this stand-in does not know: {set(fields) - set(names)}"
        )


def _comments(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [one for one in state["comments"] if one["issue"] == int(parts[0])]


def _new_comment(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "body")
    issue = int(parts[0])
    if issue not in [one["number"] for one in state["pulls"] + state["issues"]]:
        raise RefusedError("Not Found (HTTP 404)")
    comment = {"id": _number(state), "issue": issue, "user": {"login": BOT}, "body": _body(fields)}
    state["comments"].append(comment)
    return comment


def _edit_comment(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "body")
    (comment,) = [one for one in state["comments"] if one["id"] == int(parts[0])]
    comment["body"] = _body(fields)
    return comment


def _issues(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "state", "labels", "creator")
    return [
        one
        for one in state["issues"]
        if one["state"] == fields["state"]
        and fields["labels"] in [label["name"] for label in one["labels"]]
        and one["user"]["login"] == fields["creator"]
    ]


def _new_issue(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "title", "body", "labels")
    labels = [{"name": name} for name in fields["labels"]]
    issue = {"number": _number(state), "title": fields["title"], "body": _body(fields)}
    issue |= {"labels": labels, "state": "open", "user": {"login": BOT}}
    state["issues"].append(issue)
    return issue


def _edit_issue(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "body", "state")
    (issue,) = [one for one in state["issues"] if one["number"] == int(parts[0])]
    issue.update(fields)
    return issue


def _pulls_of_commit(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [
        one for one in state["pulls"] if parts[0] in (one["merge_commit_sha"], one["head"]["sha"])
    ]


def _pulls(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "state", "head", "base")
    owner, _, branch = fields["head"].partition(":")
    assert (fields["state"], "base" in fields) in (("all", False), ("open", True)), (
        "open ones are not all that had a run"
    )
    return [
        one
        for one in state["pulls"]
        if one["head"]["ref"] == branch
        and one["head"]["repo"]["full_name"].partition("/")[0] == owner
        and (fields["state"] == "all" or _is_open(one, fields["base"]))
    ]


def _is_open(pull: Mapping[str, Any], base: str) -> bool:
    return pull["merged_at"] is None and pull["base"]["ref"] == base


def _new_pull(state: State, _: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "title", "body", "head", "base")
    head, base, repo = fields["head"], fields["base"], {"full_name": state["repository"]}
    for pull in state["pulls"]:
        if pull["head"]["ref"] == head and _is_open(pull, base):
            raise RefusedError(f"A pull request already exists for {head}. (HTTP 422)")
    pull = {"number": _number(state), "branch": head, "merge_commit_sha": None, "merged_at": None}
    pull |= {"title": fields["title"], "body": _body(fields), "user": {"login": BOT}}
    pull |= {"created_at": f"2026-01-05T{state['minute'] // 60:02}:{state['minute'] % 60:02}:00Z"}
    for key, branch in (("head", head), ("base", base)):
        pull[key] = {"ref": branch, "sha": _sha(branch), "repo": repo}
    state["pulls"].append(pull)
    return pull


def _sha(branch: str) -> str:
    """The last commit of a branch of the remote."""
    command = ("git", "ls-remote", "origin", f"refs/heads/{branch}")
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if not listed:
        raise RefusedError(f"Validation Failed (HTTP 422): no branch {branch}")
    return listed.split()[0]


def _branch(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return {"name": unquote(parts[0]), "protected": unquote(parts[0]) in state["protected"]}


def _timeline(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields)
    return [one for one in state["timeline"] if one["issue"] == int(parts[0])]


def _artifacts(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "name")
    found = [
        one
        for one in state["artifacts"]
        if (one["run"], one["name"]) == (int(parts[0]), fields["name"])
    ]
    return {"total_count": len(found), "artifacts": found}


def _runs(state: State, parts: tuple[str, ...], fields: Fields) -> Any:
    _only(fields, "head_sha", "event", "status")
    found = [
        one
        for one in reversed(state["runs"])
        if one["file"] == parts[0]
        and (one["head_sha"], one["event"], one["conclusion"])
        == (fields["head_sha"], fields["event"], fields["status"])
    ]
    return {"total_count": len(found), "workflow_runs": found}


_ENDPOINTS: dict[tuple[str, str, str], Callable[[State, tuple[str, ...], Fields], Any]] = {
    ("GET", r"issues/(\d+)/comments", "issues=read|pull-requests=read"): _comments,
    ("POST", r"issues/(\d+)/comments", "issues=write|pull-requests=write"): _new_comment,
    ("PATCH", r"issues/comments/(\d+)", "issues=write|pull-requests=write"): _edit_comment,
    ("GET", r"issues", "issues=read"): _issues,
    ("POST", r"issues", "issues=write"): _new_issue,
    ("PATCH", r"issues/(\d+)", "issues=write"): _edit_issue,
    ("GET", r"commits/(\w+)/pulls", "pull-requests=read"): _pulls_of_commit,
    ("GET", r"pulls", "pull-requests=read"): _pulls,
    ("POST", r"pulls", "pull-requests=write"): _new_pull,
    ("GET", r"branches/([^/]+)", "contents=read"): _branch,
    ("GET", r"issues/(\d+)/timeline", "issues=read|pull-requests=read"): _timeline,
    ("GET", r"actions/workflows/([\w.]+)/runs", "actions=read"): _runs,
    ("GET", r"actions/runs/(\d+)/artifacts", "actions=read"): _artifacts,
}


def _download(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gh run download", allow_abbrev=False)
    parser.add_argument("run_id", type=int)
    parser.add_argument("-n", "--name", required=True)
    parser.add_argument("-D", "--dir", type=Path, default=Path())
    parser.add_argument("-R", "--repo", required=True)
    given = parser.parse_args(arguments)
    _check_allowed("actions=read")
    state = read()
    assert given.repo == state["repository"]
    for artifact in state["artifacts"]:
        if (artifact["run"], artifact["name"]) == (given.run_id, given.name):
            return _extract(Path(artifact["folder"]), given.dir)
    print("no artifact matches any of the names or patterns provided", file=sys.stderr)  # noqa: T201
    return 1


def _extract(artifact: Path, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for file in artifact.iterdir():
        if (folder / file.name).exists():
            print(f"error extracting zip archive: {file.name}: file exists", file=sys.stderr)  # noqa: T201
            return 1
        shutil.copy(file, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
