"""Berkas kronologi: all that is recorded of a contract, with the proof that it is whole."""
