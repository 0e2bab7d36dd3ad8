"""Event subscriptions, and the webhooks by which they are told."""

import base64
import copy
import hashlib
import hmac
import json
import queue
import re
import threading
import time
import urllib.error
import urllib.request
import uuid

# What a request may hold, as the server's strict reader has it.
REQUEST = {
    "name", "className", "displayName", "description", "owners", "enabled", "batchSize", "alertType", "trigger", "resources",
    "destinations", "provider", "retries", "pollInterval", "input", "notificationTemplate", "domains", "config",
}
DESTINATION = {"id", "category", "type", "statusDetails", "timeout", "readTimeout", "enabled", "config"}
WEBHOOK = {"receivers", "endpoint", "headers", "queryParams", "httpMethod", "sendToAdmins", "sendToOwners", "sendToFollowers"}


class Subscriptions:
    def __init__(self, version):
        self.lock = threading.Lock()
        self.all = {}
        # As they were asked for, by their names.
        self.wanted = {}
        self.waiting = queue.Queue()
        # Before 1.13 the secret stands in the webhook's configuration itself.
        self.secret_key = "secretKey" if re.match(r"1\.([0-9]|1[0-2])\.", version) else "authType"
        threading.Thread(target=self.deliver, daemon=True).start()

    def put(self, wanted):
        """Makes a subscription, or another of the one with its name. A ValueError says what is wrong with it."""
        self.check(wanted)
        with self.lock:
            found = self.all.get(wanted["name"], {"id": str(uuid.uuid4()), "version": 0.0})
            kept = copy.deepcopy(wanted)
            resources = kept.pop("resources", ["all"])
            for destination in kept.get("destinations", []):
                destination.setdefault("id", str(uuid.uuid4()))
                destination.setdefault("enabled", True)
            self.wanted[wanted["name"]] = wanted
            self.all[wanted["name"]] = {
                "fullyQualifiedName": wanted["name"], "enabled": True, "batchSize": 100, "provider": "user", "retries": 3,
                "pollInterval": 10, "destinations": [],
            } | kept | {
                "id": found["id"], "version": round(found["version"] + 0.1, 1), "updatedAt": int(time.time() * 1000),
                "updatedBy": "revmeta-bot", "filteringRules": {"resources": resources, "rules": [], "actions": []},
            }
            return self.shown(self.all[wanted["name"]])

    def check(self, wanted):
        unknown = set(wanted) - REQUEST
        for destination in wanted.get("destinations", []):
            unknown |= set(destination) - DESTINATION
            if destination["type"] == "Webhook":
                unknown |= set(destination.get("config", {})) - WEBHOOK - {self.secret_key}
        if unknown:
            raise ValueError(f"Unrecognized field \"{sorted(unknown)[0]}\"")
        for key in ("name", "alertType"):
            if key not in wanted:
                raise ValueError(f"[query param {key} must not be null]")

    def find(self, key):
        """By its name, or by its id. None: there is none."""
        with self.lock:
            for subscription in self.all.values():
                if key in (subscription["name"], subscription["id"]):
                    return subscription
        return None

    def shown(self, subscription):
        """As it is answered: without secrets."""
        shown = copy.deepcopy(subscription)
        for destination in shown["destinations"]:
            destination.pop("statusDetails", None)
            config = destination.get("config", {})
            if "secretKey" in config:
                config["secretKey"] = "*********"
            if "secretKey" in config.get("authType", {}):
                config["authType"]["secretKey"] = "*********"
        return shown

    def destinations(self, subscription):
        """Where it sends to, with how that goes."""
        shown = self.shown(subscription)["destinations"]
        for destination, kept in zip(shown, subscription["destinations"]):
            destination["statusDetails"] = kept.get("statusDetails", {"status": "active"})
        return shown

    def remove(self, subscription):
        with self.lock:
            del self.all[subscription["name"]]

    def tell(self, event):
        with self.lock:
            subscriptions = list(self.all.values())
        for subscription in subscriptions:
            resources = subscription["filteringRules"]["resources"]
            if subscription["enabled"] and ("all" in resources or event["entityType"] in resources):
                for destination in subscription["destinations"]:
                    if destination.get("type") == "Webhook":
                        self.waiting.put((destination, event))

    def deliver(self):
        while True:
            destination, event = self.waiting.get()
            config = destination["config"]
            body = json.dumps(event).encode()
            headers = {"Content-Type": "application/json"} | config.get("headers", {})
            auth = config.get("authType", {})
            secret = config.get("secretKey")
            if auth.get("type") == "bearer":
                headers["Authorization"] = f"Bearer {auth['secretKey']}"
                secret = auth["secretKey"]
            if secret:
                digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
                headers["X-OM-Signature"] = "sha256=" + base64.b64encode(digest).decode()
            status = destination.setdefault("statusDetails", {})
            for attempt in range(4):
                request = urllib.request.Request(config["endpoint"], body, headers, method=config.get("httpMethod", "POST"))
                try:
                    urllib.request.urlopen(request, timeout=600).close()
                    status |= {"status": "active", "lastSuccessfulAt": int(time.time() * 1000)}
                    break
                except (urllib.error.URLError, OSError) as error:
                    code = error.code if isinstance(error, urllib.error.HTTPError) else None
                    status |= {
                        "status": "awaitingRetry" if attempt < 3 else "retryLimitReached",
                        "lastFailedAt": int(time.time() * 1000), "lastFailedReason": str(error),
                    } | ({"lastFailedStatusCode": code} if code else {})
                    time.sleep(0.2 * 2**attempt)
