"""Whole flows, written at random out of every statement there is."""
