"""The REST interface, over HTTP."""

import gzip
import http.server
import json
import re
import socket
import threading
import time
import traceback
import urllib.parse

from catalog import Refused
from kinds import BY_ROUTE

LONGEST_LIST = 1_000_000


class CatalogServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, catalog, subscriptions, faults, token, version, compresses):
        self.catalog = catalog
        self.subscriptions = subscriptions
        self.faults = faults
        self.token = token
        self.version = version
        self.compresses = compresses
        self.requests = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request, client_address):
        """A client that goes away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Headers and body in one packet.
    wbufsize = -1

    def log_message(self, format, *arguments):
        pass

    def do_GET(self):
        self.serve()

    do_PATCH = do_PUT = do_POST = do_DELETE = do_GET

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        path, _, query = self.path.partition("?")
        # Of a parameter that stands twice the last counts.
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if path.startswith("/control/"):
            return self.control(path.removeprefix("/control/"))
        with self.server.lock:
            self.server.requests.append({
                "method": self.command, "path": self.path, "authorized": "Authorization" in self.headers,
                "agent": self.headers.get("User-Agent", "")})
            self.server.in_flight += 1
            self.server.most_in_flight = max(self.server.most_in_flight, self.server.in_flight)
        try:
            fault = self.server.faults.next(self.command, urllib.parse.unquote(self.path))
            if fault and self.fail(fault):
                return
            try:
                answer = self.route(path)
            except Refused as refusal:
                answer = refusal
            except Exception:
                traceback.print_exc()
                answer = Refused(500, "An exception with message [internal] was thrown while processing request.")
            if isinstance(answer, Refused):
                return self.send(answer.status, {"code": answer.status, "message": answer.message})
            if fault and fault["fault"] == "loop":
                answer["paging"]["after"] = self.query.get("after") or answer["paging"].get("after", "bG9vcA==")
            self.send(200, answer, cut=fault is not None and fault["fault"] == "cut")
        finally:
            with self.server.lock:
                self.server.in_flight -= 1

    def fail(self, fault):
        """Does what goes wrong. False if there is an answer yet to be sent."""
        match fault["fault"]:
            case "status":
                body = fault.get("body", {"code": fault["status"], "message": fault.get("message", "")})
                self.send(fault["status"], body, headers=fault.get("headers", {}))
            case "body":
                self.send(200, fault["body"], headers=fault.get("headers", {}))
            case "hang":
                time.sleep(fault.get("seconds", 3600))
                self.close_connection = True
            case "close":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            case "slow":
                time.sleep(fault["seconds"])
                return False
            case _:
                return False
        return True

    def send(self, status, answer, headers=None, cut=False):
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if body.startswith(b"<") else "application/json")
        if self.server.compresses and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def route(self, path):
        if not path.startswith("/api/v1/"):
            raise Refused(404, f"HTTP 404 Not Found: {path}")
        path = path.removeprefix("/api/v1/")
        if path == "system/version":
            return {"version": self.server.version, "revision": "stand-in", "timestamp": 1769982651320}
        self.authorize()
        if path == "events" and self.command == "GET":
            return self.events()
        if path.startswith("events/subscriptions"):
            return self.subscription(path.removeprefix("events/subscriptions").strip("/"))
        for route, kind in BY_ROUTE.items():
            if path == route or path.startswith(route + "/"):
                return self.entities(kind, path.removeprefix(route).strip("/"))
        raise Refused(404, f"HTTP 404 Not Found: {path}")

    def authorize(self):
        found = self.headers.get("Authorization", "")
        if not found.startswith("Bearer "):
            raise Refused(401, "Token not present")
        if self.server.token and found != f"Bearer {self.server.token}":
            raise Refused(401, "Token has been invalidated or is not valid")

    def entities(self, kind, rest):
        catalog = self.server.catalog
        fields = [field.strip() for field in self.query.get("fields", "").split(",") if field.strip()]
        if not rest:
            return self.list(kind, fields)
        by_name = rest.startswith("name/")
        key, *more = (rest.removeprefix("name/") if by_name else rest).split("/")
        entity = catalog.get(kind, urllib.parse.unquote(key), by_name)
        if self.command == "PATCH":
            if self.headers.get("Content-Type", "").split(";")[0] != "application/json-patch+json":
                raise Refused(415, "HTTP 415 Unsupported Media Type")
            return catalog.patch(kind, entity, json.loads(self.body), user="revmeta-bot")
        if more == ["versions"]:
            texts = [json.dumps(version) for version in reversed(catalog.versions(kind, entity))]
            return {"entityType": kind.type, "versions": texts}
        if more[:1] == ["versions"]:
            for version in catalog.versions(kind, entity):
                if str(version["version"]) == more[1]:
                    return version
            raise Refused(404, f"{kind.type} instance for {key} and version {more[1]} not found")
        return catalog.answer(kind, entity, fields)

    def list(self, kind, fields):
        limit = self.query.get("limit", "10")
        if not re.fullmatch("[0-9]+", limit) or int(limit) > LONGEST_LIST:
            raise Refused(400, f"query param limit must be less than or equal to {LONGEST_LIST}")
        deleted = self.query.get("include", "non-deleted")
        if deleted not in ("all", "deleted", "non-deleted"):
            raise Refused(400, f"query param include must be one of [all, deleted, non-deleted], found {deleted}")
        parent = next((self.query[name] for name in kind.parents if name in self.query), None)
        return self.server.catalog.list(kind, fields, parent, deleted, int(limit), self.query.get("after"))

    def events(self):
        if "timestamp" not in self.query:
            raise Refused(400, "query param timestamp must not be null")
        wanted = {
            event_type: set(self.query.get(parameter, "").split(","))
            for parameter, event_type in [
                ("entityCreated", "entityCreated"), ("entityUpdated", "entityUpdated"), ("entityDeleted", "entityDeleted"),
                ("entityRestored", "entityRestored")]
        }
        found = [
            event for event in self.server.catalog.events
            if event["timestamp"] >= int(self.query["timestamp"])
            and wanted.get(event["eventType"], set()) & {"*", event["entityType"]}
        ]
        return {"data": found, "paging": {"total": len(found)}}

    def subscription(self, rest):
        subscriptions = self.server.subscriptions
        if not rest and self.command in ("POST", "PUT"):
            try:
                return subscriptions.put(json.loads(self.body))
            except (KeyError, ValueError) as error:
                raise Refused(400, str(error)) from None
        if not rest:
            found = [subscriptions.shown(subscription) for subscription in subscriptions.all.values()]
            return {"data": found, "paging": {"total": len(found)}}
        key, *more = rest.removeprefix("name/").removeprefix("id/").split("/")
        found = subscriptions.find(urllib.parse.unquote(key))
        if not found:
            raise Refused(404, f"eventsubscription instance for {key} not found")
        if self.command == "DELETE":
            subscriptions.remove(found)
        if more == ["destinations"]:
            return subscriptions.destinations(found)
        return subscriptions.shown(found)

    def control(self, name):
        """What tests ask besides: which requests came, and what is to go wrong."""
        match self.command, name:
            case "GET", "requests":
                self.send(200, {"requests": self.server.requests, "mostInFlight": self.server.most_in_flight})
            case "GET", "subscriptions":
                self.send(200, self.server.subscriptions.wanted)
            case "POST", "tell":
                # An event that no change is behind, as often as it is sent.
                self.server.subscriptions.tell(json.loads(self.body))
                self.send(200, {})
            case "POST", "faults":
                self.server.faults.add(json.loads(self.body))
                self.send(200, {})
            case "DELETE", "faults":
                self.server.faults.clear()
                self.send(200, {})
            case _:
                self.send(404, {})
