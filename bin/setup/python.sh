# Finds a Python that Selaras runs on; bin/run and bin/test read this file.
PATH="${PATH:-}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
export PATH PYTHONDONTWRITEBYTECODE="${PYTHONDONTWRITEBYTECODE:-}"
python=""
for candidate in ${SELARAS_PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Selaras memerlukan Python 3.11, 3.12 atau 3.13. Pasang dengan: sudo apt-get install -y python3 python3-venv" >&2
    echo "(Selaras needs Python 3.11 to 3.13; install it with the command above.)" >&2
    exit 1
fi
