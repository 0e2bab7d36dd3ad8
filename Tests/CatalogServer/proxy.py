"""A forward proxy that leads to one server, whatever host is asked for. It prints its port, and ends when its input does."""

import argparse
import base64
import socket
import socketserver
import sys
import threading

arguments = argparse.ArgumentParser(prog="proxy", description=__doc__)
arguments.add_argument("--to", type=int, required=True, help="the server's port on 127.0.0.1")
arguments.add_argument("--user", help="name:password, without which nobody is let through")
options = arguments.parse_args()


class Proxy(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        headers = []
        while (header := self.rfile.readline()) not in (b"\r\n", b""):
            headers.append(header)
        if options.user:
            wanted = b"basic " + base64.b64encode(options.user.encode())
            found = [h.split(b":", 1)[1].strip() for h in headers if h.lower().startswith(b"proxy-authorization:")]
            if not found or found[0].split()[1] != wanted.split()[1]:
                self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
        method, target, version = line.split()
        server = socket.create_connection(("127.0.0.1", options.to))
        if method == b"CONNECT":
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            server.sendall(b"%s %s %s\r\n" % (method, path, version) + b"".join(headers) + b"Connection: close\r\n\r\n")
        threading.Thread(target=copy, args=(server, self.connection), daemon=True).start()
        copy(self.connection, server)


def copy(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away is no news."""


server = Server(("127.0.0.1", 0), Proxy)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
