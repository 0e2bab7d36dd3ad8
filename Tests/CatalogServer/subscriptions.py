"""Event subscriptions, and the webhooks by which they are told."""

import base64
import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid


class Subscriptions:
    def __init__(self):
        self.lock = threading.Lock()
        self.all = {}
        self.waiting = queue.Queue()
        threading.Thread(target=self.deliver, daemon=True).start()

    def put(self, wanted):
        with self.lock:
            found = self.all.get(wanted["name"], {"id": str(uuid.uuid4()), "version": 0.1})
            self.all[wanted["name"]] = found | {"fullyQualifiedName": wanted["name"], "enabled": True} | wanted
            return self.all[wanted["name"]]

    def tell(self, event):
        with self.lock:
            subscriptions = list(self.all.values())
        for subscription in subscriptions:
            resources = subscription.get("resources", ["all"])
            if subscription["enabled"] and ("all" in resources or event["entityType"] in resources):
                for destination in subscription.get("destinations", []):
                    if destination.get("type") == "Webhook":
                        self.waiting.put((destination["config"], event))

    def deliver(self):
        while True:
            config, event = self.waiting.get()
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
            for attempt in range(4):
                request = urllib.request.Request(config["endpoint"], body, headers, method=config.get("httpMethod", "POST"))
                try:
                    urllib.request.urlopen(request, timeout=10).close()
                    break
                except (urllib.error.URLError, OSError):
                    time.sleep(0.2 * 2**attempt)
