from __future__ import annotations

import http.client

from tests.servers.live import LiveServer


def _status(server: LiveServer, path: str) -> int:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_site_answers_in_a_process_of_its_own(live_server: LiveServer) -> None:
    assert _status(live_server, "/no-such-page") == 404
    assert live_server.settings.base_url == live_server.url


def test_a_command_runs_on_the_same_instance(live_server: LiveServer) -> None:
    assert live_server.flask("db", "current").startswith("0")


def test_a_killed_site_is_gone_at_once(live_server: LiveServer) -> None:
    live_server.kill()
    assert live_server.process.returncode == -9
