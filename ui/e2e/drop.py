"""Drags a file from a small window of its own into the middle of the screen, as a person would with the mouse."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk

file = Path(sys.argv[1]).resolve()
window = Gtk.Window(type=Gtk.WindowType.POPUP)
window.set_default_size(40, 40)
window.move(0, 0)
window.add(Gtk.EventBox())
box = window.get_child()
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris([file.as_uri()]))
done = []
box.connect("drag-end", lambda *_: (done.append(1), GLib.timeout_add(100, Gtk.main_quit)))
window.show_all()


def mouse(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)


def drag():
    screen = Gdk.Screen.get_default()
    to = (screen.get_width() // 2, screen.get_height() // 2)
    mouse("mousemove", 20, 20)
    mouse("mousedown", 1)
    for part in range(1, 11):
        mouse("mousemove", 20 + (to[0] - 20) * part // 10, 20 + (to[1] - 20) * part // 10)
        time.sleep(0.04)
    time.sleep(0.2)
    mouse("mouseup", 1)


GLib.timeout_add(300, lambda: threading.Thread(target=drag, daemon=True).start())
GLib.timeout_add(15000, Gtk.main_quit)
Gtk.main()
sys.exit(0 if done else "the drag did not end")
