#!/bin/sh
# Installs the programs that tests drive, where it may (root on Debian or Ubuntu).
# Where it may not, it names what is missing and goes on: the tests skip what needs them,
# or fail with REQUIRE_SERVERS=1.
set -u

has() {
    command -v "$1" >/dev/null 2>&1
}

has_chromium() {
    has chromium || has chromium-browser || has google-chrome ||
        ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium-* >/dev/null 2>&1
}

has_postgresql() {
    has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

has_dovecot() {
    has dovecot || [ -x /usr/sbin/dovecot ]
}

has_postfix() {
    has postfix || [ -x /usr/sbin/postfix ]
}

missing=
has_chromium || missing="$missing chromium"
has_postgresql || missing="$missing postgresql"
has_dovecot || missing="$missing dovecot-imapd dovecot-lmtpd"
has_postfix || missing="$missing postfix"
has pdftotext || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! has apt-get; then
    echo "Missing programs; the tests that need them are skipped. Install:$missing" >&2
    exit 0
fi

# Ubuntu's own chromium package is a snap, which a container cannot run.
if grep -q '^ID=ubuntu' /etc/os-release && [ "$missing" != "${missing#* chromium}" ]; then
    .venv/bin/python -m playwright install --with-deps chromium >&2 ||
        echo "Chromium could not be installed; the tests that need it are skipped." >&2
    missing=$(echo "$missing" | sed 's/ chromium//')
    [ -n "$missing" ] || exit 0
fi

install() {
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing
}

# The tests run a Postfix of their own; the machine's stays without settings, and so never starts.
if [ "$missing" != "${missing#* postfix}" ]; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
fi

echo "Installing for the tests:$missing" >&2
install >/dev/null 2>&1 || { apt-get update -qq && install >/dev/null; } ||
    echo "Could not be installed; the tests that need them are skipped:$missing" >&2
exit 0
