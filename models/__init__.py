"""Retraining: data sets, training, evaluation, export and the zoo of committed models.

Importing this package is light; PyTorch and ultralytics are opened only by `models.network`.
"""
