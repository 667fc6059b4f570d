// Parses a file with the tree-sitter grammar; prints whether the tree has errors and where the first is, then the kind and line of every node.
// With -q: whether the file is a query that fits the grammar. With -c QUERY FILE: what the query finds in the file, as capture and text of
// each line; its predicates are not asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_nyx(void);

static char *read_all(const char *name, size_t *length) {
    FILE *file = fopen(name, "rb");
    if (!file) return NULL;
    size_t room = 1 << 24;  // no program of the tests is larger
    char *text = malloc(room);
    *length = fread(text, 1, room, file);
    fclose(file);
    return text;
}

static void first_error(TSNode node) {
    for (;;) {
        if (ts_node_is_missing(node) || !strcmp(ts_node_type(node), "ERROR")) break;
        unsigned count = ts_node_child_count(node), i = 0;
        while (i < count && !ts_node_has_error(ts_node_child(node, i)) && !ts_node_is_missing(ts_node_child(node, i))) ++i;
        if (i == count) break;
        node = ts_node_child(node, i);
    }
    TSPoint point = ts_node_start_point(node);
    printf("error %u:%u %s\n", point.row + 1, point.column + 1, ts_node_type(node));
}

static void print_nodes(TSNode node) {
    if (ts_node_is_named(node)) printf("%s %u\n", ts_node_type(node), ts_node_start_point(node).row + 1);
    unsigned count = ts_node_child_count(node);
    for (unsigned i = 0; i < count; ++i) print_nodes(ts_node_child(node, i));
}

static TSQuery *read_query(const char *name) {
    size_t length = 0;
    char *text = read_all(name, &length);
    if (!text) return NULL;
    uint32_t offset = 0;
    TSQueryError problem = TSQueryErrorNone;
    TSQuery *query = ts_query_new(tree_sitter_nyx(), text, (uint32_t)length, &offset, &problem);
    if (!query) printf("error %d at byte %u: %.40s\n", (int)problem, offset, text + offset);
    free(text);
    return query;
}

static int check_query(const char *name) {
    TSQuery *query = read_query(name);
    if (query) ts_query_delete(query);
    return query == NULL;
}

static void print_captures(TSQuery *query, TSNode root, const char *text) {
    TSQueryCursor *cursor = ts_query_cursor_new();
    ts_query_cursor_exec(cursor, query, root);
    TSQueryMatch match;
    uint32_t index;
    while (ts_query_cursor_next_capture(cursor, &match, &index)) {
        TSQueryCapture capture = match.captures[index];
        uint32_t length, begin = ts_node_start_byte(capture.node), end = ts_node_end_byte(capture.node);
        const char *name = ts_query_capture_name_for_id(query, capture.index, &length);
        printf("%.*s %.*s\n", (int)length, name, (int)(end - begin), text + begin);
    }
    ts_query_cursor_delete(cursor);
}

int main(int argc, char **argv) {
    size_t length = 0;
    if (argc == 3 && !strcmp(argv[1], "-q")) return check_query(argv[2]);
    TSQuery *query = argc == 4 && !strcmp(argv[1], "-c") ? read_query(argv[2]) : NULL;
    char *text = argc == 2 || query ? read_all(argv[argc - 1], &length) : NULL;
    if (!text) return 3;
    TSParser *parser = ts_parser_new();
    if (!ts_parser_set_language(parser, tree_sitter_nyx())) return 2;
    TSTree *tree = ts_parser_parse_string(parser, NULL, text, (uint32_t)length);
    TSNode root = ts_tree_root_node(tree);
    if (query) {
        print_captures(query, root, text);
        return 0;
    }
    int wrong = ts_node_has_error(root);
    if (wrong) {
        first_error(root);
    } else {
        printf("clean\n");
    }
    print_nodes(root);
    ts_tree_delete(tree);
    ts_parser_delete(parser);
    free(text);
    return wrong;
}
