"""A daemon that allows everything and keeps what it was sent: what a hook says can be compared."""
import os, socket, struct, threading


class Recorder:
    """Listens where the box's daemon would. A text with `$NEED` gets `need=NEED,OTHER` until values come."""

    def __init__(self, path):
        self.frames, self.askers = [], []  # askers: who made each connection
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        os.chmod(path, 0o600)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try: connection, _ = self.listener.accept()
            except OSError: return
            self.askers.append(struct.unpack('3i', connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        stream = connection.makefile('rb')
        while head := stream.readline():
            _, kind, size = head.split()
            fields = [tuple(part.decode('utf8', 'surrogateescape').split('=', 1)) for part in stream.read(int(size)).split(b'\0') if part]
            self.frames.append((kind.decode(), fields))
            body = b'id=1\0action=allow\0'
            if kind != b'check': body = b''
            elif '$NEED' in dict(fields)['cmd'] and 'var.NEED' not in dict(fields): body = b'id=1\0action=ask\0need=NEED,OTHER\0'
            connection.sendall(b'cmdai/1 %s %d\n' % (b'verdict' if kind == b'check' else b'ok', len(body)) + body)

    def close(self):
        self.listener.close()
