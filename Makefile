# make demo    revmeta at work on a throw-away PostgreSQL
# make test    all tests
# make bench   revmeta beside its peers; writes Benchmarks/RESULTS.md
# make install PREFIX=/usr/local
#
# Each installs the Debian packages it lacks, or says the exact command.

PREFIX ?= /usr/local
# A third of what is built is for debuggers. The names of functions stay: `STRIP=:` installs all there is.
STRIP ?= strip --strip-debug
RELEASE = .build/release

.PHONY: build demo test bench install packages clean

build: packages
	swift build -c release

packages:
	@Scripts/install-packages.sh

demo: build
	Demo/run.sh

# The acceptance tests come first, so that the last line is the test runner's summary. The kill test has the machine for
# itself: it draws moments of a run by the clock. Nor do programs that wait for servers share it with thousands of tables.
CONNECTORS = ^(PostgresTests|MySQLTests|RevmetaODBCTests|SnowflakeTests|SnowflakeStandInTests)[.]

test: build
	Tests/acceptance/run.sh
	swift build --build-tests
	swift test --skip-build --filter KillTests
	swift test --skip-build --filter '$(CONNECTORS)'
	swift test --skip-build --filter '^CommandLineTests[.]' --skip KillTests
	swift test --skip-build --skip '$(CONNECTORS)' --skip '^CommandLineTests[.]'

bench: build
	Benchmarks/bench.sh all
	Benchmarks/snowflake.sh
	Benchmarks/live.sh

# The binary finds its plugins in ../lib/revmeta/plugins and its worker in ../libexec/revmeta, wherever the prefix is.
install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/include/revmeta" "$(DESTDIR)$(PREFIX)/share/revmeta"
	install -m 755 $(RELEASE)/revmeta "$(DESTDIR)$(PREFIX)/bin/revmeta"
	install -d "$(DESTDIR)$(PREFIX)/libexec/revmeta"
	install -m 755 $(RELEASE)/revmeta-worker "$(DESTDIR)$(PREFIX)/libexec/revmeta/revmeta-worker"
	$(STRIP) "$(DESTDIR)$(PREFIX)/bin/revmeta" "$(DESTDIR)$(PREFIX)/libexec/revmeta/revmeta-worker"
	install -m 644 Sources/CRevmeta/include/revmeta/*.h "$(DESTDIR)$(PREFIX)/include/revmeta/"
	install -m 644 revmeta.schema.json LICENSE "$(DESTDIR)$(PREFIX)/share/revmeta/"
	rm -rf "$(DESTDIR)$(PREFIX)/share/revmeta/kit"
	Scripts/export-kit.sh "$(DESTDIR)$(PREFIX)/share/revmeta/kit"
	for manifest in Plugins/*/plugin.json; do \
	    name=$$(basename "$$(dirname "$$manifest")"); \
	    library=$$(sed -n 's/.*"library": *"\([^"]*\)".*/\1/p' "$$manifest"); \
	    folder="$(DESTDIR)$(PREFIX)/lib/revmeta/plugins/$$name"; \
	    install -d "$$folder" && install -m 644 "$$manifest" "$$folder/" && \
	    install -m 644 "$(RELEASE)/$$library" "$$folder/" && $(STRIP) "$$folder/$$library" || exit 1; \
	done

clean:
	swift package clean
