"""Commissioning: what a box would see of offences that are drawn into its camera's own picture.

The one place where edge's road and models' scene maker meet: ``places`` chooses where, ``stories``
what happens there, ``footage`` the clip that it happens in, ``probe`` draws, replays and judges,
``proposals`` says what follows, ``page`` shows it. Everything measured here is composed.
"""
