"""The offences, decided purely over scenes and time."""
