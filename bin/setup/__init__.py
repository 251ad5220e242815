"""What bin/run and bin/test do; standard library only, since nothing is installed yet."""
