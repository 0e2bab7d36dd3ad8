"""Sends a request a byte at a time, and waits until the server ends the connection: says after how many seconds it did.

slow-client.py PORT head|body TOKEN
"""
import socket, sys, time

port, what, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
head = f"POST /api/v1/plan HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
slow = head + "X-Padding: " + "a" * 10_000
client = socket.create_connection(("127.0.0.1", port))
began = time.monotonic()
if what == "body":
    client.sendall((head + "Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n").encode())
    slow = " " * 10_000
try:
    for byte in slow.encode():
        if time.monotonic() - began > 900:
            sys.exit("the server has waited for a slow client for 900 s")
        client.send(bytes([byte]))
        client.settimeout(0.5)
        try:
            if client.recv(1000) == b"":
                break
        except TimeoutError:
            pass
except (ConnectionResetError, BrokenPipeError):
    pass
print(int(time.monotonic() - began))
