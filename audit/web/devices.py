"""What a browser calls itself, in words its owner knows."""

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("Windows", "a Windows computer"),
    ("CrOS", "a Chromebook"),
    ("Macintosh", "a Mac"),
    ("Linux", "a Linux computer"),
)


def named(agent: str) -> str:
    """Return a browser and its machine as people call them; whoever signs in can lie about it."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "A browser")
    machine = next((name for mark, name in _MACHINES if mark in agent), "a device")
    return f"{browser} on {machine}"
