"""A stand-in for an OpenMetadata server: its REST interface over a folder of entities, with changes, events and faults.

For tests. It prints its address once it listens, and ends when its standard input does.
"""

import argparse
import pathlib
import ssl
import sys
import threading

from catalog import Catalog
from faults import Faults
from server import CatalogServer
from subscriptions import Subscriptions

arguments = argparse.ArgumentParser(prog="CatalogServer", description=__doc__)
arguments.add_argument("--folder", required=True, help="entities: tables.jsonl, databaseServices.json, …")
arguments.add_argument("--token", help="the only bearer token that is let in; without it: any")
arguments.add_argument("--version", default="1.13.0", help="what it says it is")
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--certificate", help="serves HTTPS with this file, which holds a certificate and its key")
arguments.add_argument("--gzip", action="store_true", help="compresses what it answers, if asked to")
options = arguments.parse_args()

subscriptions = Subscriptions(options.version)
catalog = Catalog(pathlib.Path(options.folder), told=subscriptions.tell)
server = CatalogServer(options.port, catalog, subscriptions, Faults(), options.token, options.version, options.gzip)
if options.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"{'https' if options.certificate else 'http'}://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
