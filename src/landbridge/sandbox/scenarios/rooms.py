"""Routes of the control room by which a scenario is run: one of the shipped ones, or the YAML in the body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from landbridge.sandbox.kernel import PREFIX, Site
from landbridge.sandbox.kernel.control import answer
from landbridge.sandbox.kernel.site import System
from landbridge.sandbox.scenarios.reading import EXAMPLES, ScriptError, example, read_script
from landbridge.sandbox.scenarios.running import run
from landbridge.sandbox.scenarios.script import schema


def scenario_routes(site: Site, _: System) -> Sequence[BaseRoute]:
    async def scenarios(request: Request) -> Response:
        if request.method == "GET":
            return answer({"examples": [_shown(name) for name in EXAMPLES]})
        try:
            read = read_script((await request.body()).decode("utf-8", "replace"))
        except ScriptError as problem:
            return answer({"error": str(problem), "line": problem.line}, 400)
        return answer(msgspec.to_builtins(await run(site, read)))

    async def one(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in EXAMPLES:
            return answer({"error": "there is no such scenario"}, 404)
        if request.method == "GET":
            return Response(example(name), media_type="application/yaml")
        return answer(msgspec.to_builtins(await run(site, read_script(example(name)))))

    async def shape(_: Request) -> Response:
        return answer(schema())

    return [
        Route(f"{PREFIX}/scenarios", scenarios, methods=["GET", "POST"]),
        Route(f"{PREFIX}/scenarios/schema", shape, methods=["GET"]),
        Route(f"{PREFIX}/scenarios/{{name}}", one, methods=["GET", "POST"]),
    ]


def _shown(name: str) -> dict[str, Any]:
    script = read_script(example(name)).script
    return {"file": name, "name": script.name, "about": script.about}
