/* What parse_bench measures beside ours when run.py is asked to: tree-sitter with its bash grammar, whole
   text to whole tree. Built by tree_sitter.py, outside of meson: nobody needs it to build or to test cmdai.
 */
#include <tree_sitter/api.h>

const TSLanguage* tree_sitter_bash(void);

/* The number of nodes below the root; 0 when nothing could be read. */
unsigned read_text(const char* text, unsigned size);

unsigned read_text(const char* text, unsigned size) {
  TSParser* parser = ts_parser_new();
  unsigned children = 0;
  if (ts_parser_set_language(parser, tree_sitter_bash())) {
    TSTree* tree = ts_parser_parse_string(parser, 0, text, size);
    if (tree) {
      children = ts_node_child_count(ts_tree_root_node(tree));
      ts_tree_delete(tree);
    }
  }
  ts_parser_delete(parser);
  return children;
}
