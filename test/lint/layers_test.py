#!/usr/bin/python3
"""The layer lint fails where it must: each line is one include and what the lint says of it ('' = nothing)."""
import os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layers

CASES = [
    ('libcore/syntax/x.cpp', '#include "libcore/base/range.hpp"', ''),
    ('libcore/syntax/x.cpp', '#include "libcore/syntax/ast.hpp"', ''),
    ('libcore/syntax/x.cpp', '#include "libcore/resolve/words.hpp"', 'libcore/syntax may not see'),
    ('libcore/base/x.hpp', '  #  include "libcore/syntax/ast.hpp"', 'libcore/base may not see'),
    ('libcore/effects/x.hpp', '#include "libcore/commands/call.hpp"', 'may not see'),
    ('libcore/commands/x.cpp', '#include "libcore/effects/effect.hpp"', ''),
    ('libcore/commands/x.cpp', '#include "libcore/policy/policy.hpp"', 'may not see'),
    ('libcore/policy/x.cpp', '#include "libcore/explain/explain.hpp"', 'may not see'),
    ('libcore/explain/x.cpp', '#include "libcore/audit/event.hpp"', 'may not see'),
    ('libcore/audit/x.cpp', '#include "libcore/engine.hpp"', 'may not see'),
    ('libcore/engine.cpp', '#include "libcore/explain/explain.hpp"', ''),
    ('libcore/engine.cpp', '#include "daemon/host/files.hpp"', 'may not see'),
    ('libcore/base/x.cpp', '#include "../daemon/host/files.hpp"', 'no path from the root'),
    ('daemon/ipc/x.cpp', '#include "libcore/base/result.hpp"', ''),
    ('daemon/ipc/x.cpp', '#include "libcore/syntax/ast.hpp"', 'may not see'),
    ('daemon/ipc/frame.cpp', '#include "libcore/engine.hpp"', 'may not see'),
    ('daemon/ipc/frame.cpp', '#include "daemon/ipc/check_message.hpp"', 'may not see'),
    ('daemon/ipc/check_message.cpp', '#include "libcore/engine.hpp"', ''),
    ('daemon/ipc/check_message.cpp', '#include "daemon/ipc/frame.hpp"', ''),
    ('daemon/cmdaid/x.cpp', '#include "daemon/ipc/check_message.hpp"', ''),
    ('daemon/ipc/x.cpp', '#include "daemon/host/files.hpp"', 'may not see'),
    ('daemon/host/x.cpp', '#include "daemon/cmdaid/server.hpp"', 'may not see'),
    ('daemon/cli/x.cpp', '#include "daemon/cmdaid/server.hpp"', 'may not see'),
    ('daemon/cmdaid/x.cpp', '#include "daemon/host/files.hpp"', ''),
    ('shell-hooks/client/x.c', '#include <sys/socket.h>', ''),
    ('shell-hooks/client/x.c', '#include "parts.h"', ''),
    ('shell-hooks/client/x.c', '#include "daemon/ipc/frame.hpp"', 'may not see'),
    ('shell-hooks/client/x.cpp', '#include <string>', 'needs libc alone'),
    ('enterprise/plugin/x.cpp', '#include "libcore/plugin/cmdai_plugin.h"', ''),
    ('enterprise/plugin/x.cpp', '#include "libcore/engine.hpp"', 'may not see'),
    ('enterprise/collector/x.cpp', '#include "enterprise/plugin/x.hpp"', 'may not see'),
    ('enterprise/protocol/x.cpp', '#include "libcore/base/result.hpp"', 'may not see'),
    ('enterprise/protocol/x.cpp', '#include <sodium.h>', ''),
    ('enterprise/protocol/x.cpp', '#include <chrono>', 'enterprise/protocol is pure'),
    ('enterprise/protocol/x.cpp', 'auto a = ::time(nullptr);', '`time()` is not'),
    ('enterprise/protocol/x.cpp', 'randombytes_buf(out, size);', '`randombytes_buf()` is not'),
    ('enterprise/protocol/bytes.cpp', 'randombytes_buf(out, size);', ''),
    ('enterprise/plugin/x.cpp', '#include <chrono>', ''),
    ('daemon/cmdaid/x.cpp', '#include <boost/asio/write.hpp>', ''),
    ('libcore/engine.cpp', '#include <boost/asio/write.hpp>', 'has no place'),
    ('daemon/host/x.cpp', '#include <boost/asio/write.hpp>', 'has no place'),
    ('daemon/cmdaid/server.cpp', '#include <spdlog/spdlog.h>', 'has no place'),
    ('daemon/cmdaid/log.cpp', '#include <spdlog/spdlog.h>', ''),
    ('libcore/syntax/x.cpp', '#include <nlohmann/json.hpp>', 'has no place'),
    ('libcore/base/x.cpp', '#include <absl/strings/str_cat.h>', 'a library no room is allowed'),
    ('libcore/base/x.cpp', '#include <vector>', ''),
    ('libcore/base/x.cpp', '#include <thread>', 'libcore is pure'),
    ('libcore/base/x.cpp', '#include <chrono>', 'libcore is pure'),
    ('libcore/base/x.cpp', '#include <sys/socket.h>', 'libcore is pure'),
    ('libcore/base/x.cpp', '#include <unistd.h>', 'libcore is pure'),
    ('daemon/host/x.cpp', '#include <unistd.h>', ''),
    ('libcore/base/x.cpp', 'auto a = std::getenv("HOME");', '`getenv()` is not'),
    ('libcore/base/x.cpp', 'auto a = ::time(nullptr);', '`time()` is not'),
    ('libcore/base/x.cpp', 'auto a = node.time();', ''),
    ('libcore/base/x.cpp', '// getenv("HOME") and #include <thread>', ''),
    ('libcore/base/x.cpp', 'auto a = "getenv(1)"; auto b = R"(time(0))";', ''),
    ('libcore/base/x.cpp', '/* a\n#include <thread>\n*/', ''),
    ('libcore/nowhere/x.cpp', '', 'no room'),
]

failed = 0


def check(name, ok, shown):
    global failed
    if ok: return
    failed += 1
    print(f'{name}: {shown}')


for path, text, want in CASES:
    said = '; '.join(wrong for _, wrong in layers.judge(path, text))
    check(f'{path}: {text}', want in said if want else said == '', f'said {said!r}, want {want!r}')
check('the line is named', layers.judge('libcore/base/x.cpp', '// a\n\n#include <thread>\n')[0][0] == 3, layers.judge('libcore/base/x.cpp', '// a\n\n#include <thread>\n'))


def whole(files):
    """The program as it is run, over a tree of its own."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), 'w') as file: file.write(text)
        done = subprocess.run([sys.executable, layers.__file__, root], capture_output=True, text=True)
        return done.returncode, done.stdout


fine = {'libcore/base/a.hpp': '#include <string>\n', 'daemon/ipc/b.cpp': '#include "libcore/base/a.hpp"\n'}
status, out = whole(fine)
check('a clean tree', (status, out) == (0, '2 passed, 0 failed\n'), (status, out))
status, out = whole(fine | {'libcore/syntax/c.cpp': '\n#include "libcore/policy/policy.hpp"\n'})
check('a breach fails and is named', status == 1 and out.startswith('libcore/syntax/c.cpp:2: libcore/syntax may not see') and out.endswith('2 passed, 1 failed\n'), (status, out))
status, out = whole({})
check('a tree with nothing in it is a mistake', status == 1, (status, out))

total = len(CASES) + 4
print(f'{total - failed} passed, {failed} failed')
sys.exit(failed != 0)
