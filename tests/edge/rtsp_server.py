"""A real RTSP camera for tests: run by Debian's Python, which has GStreamer's bindings.

Prints ``ready PORT``; argument 1 is the port, 0 for any. Frames are 160x120, 10 a second.
"""

# mypy: ignore-errors
# The bindings exist only beside Debian's own Python.
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402  after require_version

Gst.init(None)
for element in ("videotestsrc", "openh264enc", "h264parse", "rtph264pay"):
    if Gst.ElementFactory.find(element) is None:
        sys.exit(f"GStreamer has no {element}")
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball"
    " ! video/x-raw,width=160,height=120,framerate=10/1"
    " ! openh264enc gop-size=10 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/main", factory)
server.attach(None)
sys.stdout.write(f"ready {server.get_bound_port()}\n")
sys.stdout.flush()
GLib.MainLoop().run()
