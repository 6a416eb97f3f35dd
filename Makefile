# Two commands do all set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := data/demo
unexport PYTHONDONTWRITEBYTECODE  # hundreds of short processes: compiled once, not by each of them

.PHONY: demo test lint bench shots lock clean

demo: $(VENV)/demo.done                   ## the sample township, built and served on 127.0.0.1:8050
	@if [ ! -f $(DEMO)/raw/files.jsonl ]; then $(BIN)/python -m etl --data $(DEMO) sample; fi
	$(BIN)/python -m etl --data $(DEMO) build
	$(BIN)/python -m dashboard --data $(DEMO) serve

test: $(VENV)/test.done lint              ## everything, browser tests in a real Chromium included
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/test.done                   ## ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done                  ## speed and memory, printed
	$(BIN)/python -m tests.benchmarks

shots: $(VENV)/test.done                  ## a picture of every page, desktop and phone, light and dark, in shots/
	$(BIN)/python -m tests.shots shots

lock:                                     ## compile the requirements anew, with hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:                                    ## removes the environment and the demo, never a town's data
	rm -rf $(VENV) $(DEMO)

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本；请先安装（或用 make PYTHON=python3.12 …）"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境；Debian/Ubuntu 请先运行 apt-get install -y python3-venv"; exit 1; }
	@touch $@

$(VENV)/demo.done: requirements.txt $(VENV)/python.done
	@echo "安装依赖…"
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.done: requirements-dev.txt $(VENV)/python.done
	@echo "安装依赖（含测试工具）…"
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/demo.done
