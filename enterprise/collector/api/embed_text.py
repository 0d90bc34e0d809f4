#!/usr/bin/python3
"""A text file as a C++ function that returns it. usage: embed_text.py TEXT.json OUT.cpp"""
import json, sys

with open(sys.argv[1], encoding='utf8') as file: text = json.dumps(json.load(file), separators=(',', ':'), ensure_ascii=False)
# Pieces: a compiler need not take a literal of any length.
pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]
with open(sys.argv[2], 'w', encoding='utf8') as out:
    out.write('#include "enterprise/collector/api/api.hpp"\n\nnamespace cmdai::collector {\n\nstd::string_view openapi_text() {\n  static constexpr char text[] =\n')
    out.write('\n'.join(f'      R"===({piece})==="' for piece in pieces))
    out.write(';\n  return {text, sizeof text - 1};\n}\n\n}  // namespace cmdai::collector\n')
