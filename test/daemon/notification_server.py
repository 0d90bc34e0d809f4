#!/usr/bin/python3
"""A notification server: it owns org.freedesktop.Notifications, tells what it is shown and does what it is told.

usage: notification_server.py [--replace]
  standard output  one JSON object a line: {"ready": PID}, {"shown": ID, "app", "title", "body", "actions", "expires"}, {"closed": ID}
  standard input   `click ID ACTION`, `dismiss ID`; its end ends the server
With --replace it takes the name from the one that has it.
"""
import json, os, sys

import dbus, dbus.mainloop.glib, dbus.service
from gi.repository import GLib

NAME = 'org.freedesktop.Notifications'


def tell(**what): print(json.dumps(what), flush=True)


class Server(dbus.service.Object):
    last = 0

    @dbus.service.method(NAME, 'susssasa{sv}i', 'u')
    def Notify(self, app, replaces, icon, title, body, actions, hints, expires):
        Server.last += 1
        tell(shown=int(replaces or Server.last), app=str(app), title=str(title), body=str(body), actions=[str(a) for a in actions], expires=int(expires))
        return dbus.UInt32(replaces or Server.last)

    @dbus.service.method(NAME, 'u', '')
    def CloseNotification(self, number):
        tell(closed=int(number))
        self.NotificationClosed(number, 3)

    @dbus.service.method(NAME, '', 'as')
    def GetCapabilities(self): return ['actions', 'body', 'body-markup']

    @dbus.service.method(NAME, '', 'ssss')
    def GetServerInformation(self): return ('test', 'cmdai', '1', '1.2')

    @dbus.service.signal(NAME, 'us')
    def ActionInvoked(self, number, action): pass

    @dbus.service.signal(NAME, 'uu')
    def NotificationClosed(self, number, reason): pass

    def command(self, source, _):
        line = source.readline().split()
        if not line:
            loop.quit()
            return False
        number = dbus.UInt32(line[1])
        if line[0] == 'click': self.ActionInvoked(number, line[2])
        if line[0] in ('click', 'dismiss'): self.NotificationClosed(number, dbus.UInt32(2))
        return True


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
name = dbus.service.BusName(NAME, bus, allow_replacement=True, replace_existing='--replace' in sys.argv, do_not_queue=True)
server = Server(bus, '/org/freedesktop/Notifications')
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, server.command)
tell(ready=os.getpid())
loop.run()
