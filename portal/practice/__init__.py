"""Latihan: satu kegiatan. A sample contract per trainee, in a store of its own."""
