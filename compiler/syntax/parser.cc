#include "compiler/syntax/parser.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "compiler/syntax/lexer.h"

namespace nyx::syntax {

using namespace ast;

namespace {

constexpr std::string_view kUnits[] = {"B",  "KiB", "MiB", "GiB", "TiB", "kB", "KB", "MB",  "GB",  "TB",
                                       "ns", "us",  "ms",  "s",   "min", "h",  "Hz", "kHz", "MHz", "GHz"};
constexpr std::string_view kRates[] = {"bit", "kbit", "Mbit", "Gbit"};

struct Failed {};

class Parser {
  public:
    Parser(std::vector<Token> tokens, std::string_view text, std::uint32_t file, std::uint32_t base,
           diagnostics::Sink& sink)
        : tokens_(std::move(tokens)), text_(text), file_(file), base_(base), sink_(sink) {}

    std::unique_ptr<Module> module() {
        auto m = std::make_unique<Module>();
        m->file = file_;
        skip_newlines();
        if (tok().kind == Tok::kString && tok().text.substr(0, 3) == "\"\"\"") m->doc = take_string();
        m->body = statements(true);
        return m;
    }
    ExprPtr only_expression() {
        try {
            skip_newlines();
            return expression();
        } catch (Failed&) {
            return std::make_unique<ErrorExpr>(Span{file_, base_, base_});
        }
    }

  private:
    const Token& tok(std::size_t n = 0) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
    bool is(std::string_view text, std::size_t n = 0) const {
        return (tok(n).kind == Tok::kPunct || tok(n).kind == Tok::kKeyword) && tok(n).text == text;
    }
    bool is_name(std::size_t n = 0) const { return tok(n).kind == Tok::kName; }
    bool word(std::string_view text, std::size_t n = 0) const { return is_name(n) && tok(n).text == text; }
    Token next() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_.back(); }
    bool accept(std::string_view text) {
        if (!is(text)) return false;
        next();
        return true;
    }
    [[noreturn]] void fail_here(std::string message) {
        sink_.report(diagnostics::Code::kSyntax, tok().span, std::move(message));
        throw Failed{};
    }
    Token expect(std::string_view text) {
        if (!is(text)) fail_here(fmt::format("expected `{}` here", text));
        return next();
    }
    Ident ident(std::string_view what = "a name") {
        if (!is_name()) fail_here(fmt::format("expected {} here", what));
        Token t = next();
        return {std::string(t.text), t.span};
    }
    // Where only a name can stand, a keyword before `:` or `=` is one: `module: image`.
    Ident label(std::string_view what) {
        if (tok().kind != Tok::kKeyword || !(is("=", 1) || is(":", 1))) return ident(what);
        Token t = next();
        return {std::string(t.text), t.span};
    }
    void skip_newlines() {
        while (tok().kind == Tok::kNewline || is(";")) next();
    }
    void skip_lines() {
        while (tok().kind == Tok::kNewline) next();
    }
    Span from(Span start) const { return join(start, at_ > 0 ? tokens_[at_ - 1].span : start); }

    struct Deeper {
        explicit Deeper(Parser& p) : parser(p) {
            if (++parser.depth_ > 150) parser.fail_here("this is nested too deeply");
        }
        ~Deeper() { --parser.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        Parser& parser;
    };

    // ---- statements ----
    StmtList statements(bool top) {
        StmtList list;
        for (skip_newlines(); tok().kind != Tok::kEnd && (top || !is("}")); skip_newlines()) {
            if (is("case") || is("default")) {
                if (!top) break;
            }
            Span start = tok().span;
            std::size_t before = at_;
            try {
                list.push_back(statement());
                if (tok().kind != Tok::kNewline && !is(";") && !is("}") && tok().kind != Tok::kEnd && !ended_block())
                    fail_here("expected the end of the statement here");
            } catch (Failed&) {
                recover();
                if (at_ == before) next();
                list.push_back(std::make_unique<ErrorStmt>(from(start)));
            }
        }
        return list;
    }
    bool ended_block() const { return at_ > 0 && tokens_[at_ - 1].text == "}"; }
    void recover() {
        int depth = 0;
        while (tok().kind != Tok::kEnd) {
            if (is("{") || is("(") || is("[")) ++depth;
            if (is("}") || is(")") || is("]")) {
                if (depth == 0 && is("}")) return;
                if (depth > 0) --depth;
            }
            if (depth == 0 && tok().kind == Tok::kNewline) return;
            next();
        }
    }
    StmtList block() {
        Deeper deeper(*this);
        skip_lines();
        expect("{");
        StmtList body = statements(false);
        expect("}");
        return body;
    }
    std::string take_string() { return unescape(next()); }
    std::string doc() {
        skip_newlines();
        std::string text;
        if (tok().kind == Tok::kString && tok().text.substr(0, 3) == "\"\"\"") {
            text = take_string();
            skip_newlines();
        }
        return text;
    }

    template <class T>
    std::unique_ptr<T> make(Span start) {
        return std::make_unique<T>(from(start));
    }

    StmtPtr statement() {
        Deeper deeper(*this);
        Span start = tok().span;
        if (tok().kind == Tok::kKeyword) {
            std::string_view k = tok().text;
            if (k == "let" || k == "const") return let_stmt();
            if (k == "fn" && is_name(1)) return fn_decl();
            if (k == "class") return class_decl();
            if (k == "module") {
                next();
                auto m = std::make_unique<ModuleDecl>(start);
                m->name = ident();
                m->body = block();
                m->span = from(start);
                return m;
            }
            if (k == "import" || k == "use" || k == "from") return import_stmt();
            if (k == "if") return if_stmt();
            if (k == "while") {
                next();
                auto s = std::make_unique<WhileStmt>(start);
                s->condition = expression();
                s->body = block();
                s->span = from(start);
                return s;
            }
            if (k == "for") return for_stmt();
            if (k == "switch") return switch_stmt();
            if (k == "match") return match_stmt();
            if (k == "break") return next(), make<BreakStmt>(start);
            if (k == "continue") return next(), make<ContinueStmt>(start);
            if (k == "pass") return next(), make<PassStmt>(start);
            if (k == "return") {
                next();
                auto s = std::make_unique<ReturnStmt>(start);
                if (tok().kind != Tok::kNewline && !is(";") && !is("}")) s->value = tuple_or_expression();
                s->span = from(start);
                return s;
            }
            if (k == "throw" || k == "raise") {
                next();
                auto s = std::make_unique<ThrowStmt>(start);
                s->value = expression();
                s->span = from(start);
                return s;
            }
            if (k == "assert") {
                next();
                auto s = std::make_unique<AssertStmt>(start);
                s->condition = expression();
                if (accept(",")) s->message = expression();
                s->span = from(start);
                return s;
            }
            if (k == "try") return try_stmt();
            if (k == "typealias") {
                next();
                auto s = std::make_unique<TypeAliasStmt>(start);
                s->name = ident();
                expect("=");
                s->type = type();
                s->span = from(start);
                return s;
            }
        }
        if (is("{")) {
            auto s = std::make_unique<BlockStmt>(start);
            s->body = block();
            s->span = from(start);
            return s;
        }
        if (word("machine") && is_name(1)) return machine_decl();
        if (word("schema") && is_name(1)) return schema_decl();
        if (word("require") && !is("=", 1) && !is("(", 1) && !is(".", 1) && !is(":", 1)) {
            next();
            auto s = std::make_unique<RequireStmt>(start);
            s->condition = expression();
            if (accept(",")) s->message = expression();
            s->span = from(start);
            return s;
        }
        if (word("on") && is_name(1)) {
            next();
            auto s = std::make_unique<OnStmt>(start);
            s->event = ident();
            if (accept("(")) {
                while (!is(")")) {
                    s->arguments.push_back(expression());
                    if (!accept(",")) break;
                }
                expect(")");
            }
            if (is("(")) s->parameters = parameters();
            s->body = block();
            s->span = from(start);
            return s;
        }
        if (word("test") && tok(1).kind == Tok::kString) {
            next();
            auto s = std::make_unique<TestStmt>(start);
            s->title = take_string();
            s->body = block();
            s->span = from(start);
            return s;
        }
        if (word("recover") && is_name(1)) {
            auto call = std::make_unique<CallExpr>(start);
            Token callee = next();
            auto name = std::make_unique<NameExpr>(callee.span);
            name->name = callee.text;
            call->callee = std::move(name);
            Argument argument;
            Token value = next();
            auto symbol = std::make_unique<NameExpr>(value.span);
            symbol->name = value.text;
            argument.value = std::move(symbol);
            call->arguments.push_back(std::move(argument));
            call->span = from(start);
            auto s = std::make_unique<ExprStmt>(call->span);
            s->expr = std::move(call);
            return s;
        }
        if (is_name() && ((is_name(1) && is("{", 2)) || is("{", 1) || (word("device") && is_name(1))))
            return device_stmt();
        return simple_stmt();
    }

    ExprPtr tuple_or_expression() {
        Span start = tok().span;
        ExprPtr first = expression();
        if (!is(",")) return first;
        auto t = std::make_unique<TupleExpr>(start);
        t->elements.push_back(std::move(first));
        while (accept(",")) t->elements.push_back(expression());
        t->span = from(start);
        return t;
    }

    StmtPtr simple_stmt() {
        Span start = tok().span;
        ExprPtr target = expression();
        static const std::map<std::string_view, BinaryOp> kOps = {
            {"+=", BinaryOp::kAdd},        {"-=", BinaryOp::kSubtract}, {"*=", BinaryOp::kMultiply},
            {"/=", BinaryOp::kDivide},     {"%=", BinaryOp::kModulo},   {"|=", BinaryOp::kBitOr},
            {"&=", BinaryOp::kBitAnd},     {"^=", BinaryOp::kBitXor},   {"<<=", BinaryOp::kShiftLeft},
            {">>=", BinaryOp::kShiftRight}};
        bool plain = is("=");
        auto op = tok().kind == Tok::kPunct ? kOps.find(tok().text) : kOps.end();
        if (is(",")) {  // a, b = pair
            auto t = std::make_unique<TupleExpr>(start);
            t->elements.push_back(std::move(target));
            while (accept(",")) t->elements.push_back(expression());
            t->span = from(start);
            target = std::move(t);
            plain = is("=");
            if (!plain) fail_here("expected `=` here");
        }
        if (plain || op != kOps.end()) {
            next();
            auto s = std::make_unique<AssignStmt>(start);
            check_target(*target);
            s->target = std::move(target);
            if (!plain) s->op = op->second;
            s->value = tuple_or_expression();
            s->span = from(start);
            return s;
        }
        auto s = std::make_unique<ExprStmt>(from(start));
        s->expr = std::move(target);
        return s;
    }
    void check_target(const Expr& e) {
        if (e.kind == ExprKind::kNameExpr || e.kind == ExprKind::kMemberExpr || e.kind == ExprKind::kIndexExpr ||
            e.kind == ExprKind::kErrorExpr)
            return;
        if (auto* t = try_as<TupleExpr>(&e)) {
            for (const auto& x : t->elements) check_target(*x);
            return;
        }
        sink_.report(diagnostics::Code::kSyntax, e.span, "this cannot be assigned to");
    }

    StmtPtr let_stmt() {
        Span start = tok().span;
        auto s = std::make_unique<LetStmt>(start);
        s->binding = next().text == "const" ? LetKind::kConst : LetKind::kLet;
        if (accept("mut")) s->binding = LetKind::kLetMut;
        bool paren = accept("(");
        do s->names.push_back(ident());
        while (accept(","));
        if (paren) expect(")");
        if (accept(":")) s->type = type();
        if (accept("=")) s->value = tuple_or_expression();
        s->span = from(start);
        return s;
    }
    StmtPtr fn_decl() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<FnDecl>(start);
        s->name = ident();
        s->fn = fn_body(false);
        s->span = from(start);
        return s;
    }
    std::vector<Parameter> parameters() {
        expect("(");
        std::vector<Parameter> list;
        while (!is(")")) {
            Parameter p;
            p.name = ident("a parameter's name");
            if (accept(":")) p.type = type();
            if (accept("=")) p.default_value = expression();
            list.push_back(std::move(p));
            if (!accept(",")) break;
        }
        expect(")");
        return list;
    }
    FnBody fn_body(bool needs_body) {
        FnBody f;
        f.parameters = parameters();
        if (accept("->")) f.result = type();
        if (needs_body || is("{")) {
            f.body = block();
        } else {
            f.has_body = false;
        }
        return f;
    }
    StmtPtr class_decl() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<ClassDecl>(start);
        s->name = ident();
        if (accept("extends") || accept(":")) s->base = ident();
        expect("{");
        s->doc = doc();
        for (skip_newlines(); !is("}") && tok().kind != Tok::kEnd; skip_newlines()) {
            if (is("fn")) {
                StmtPtr fn = fn_decl();
                s->methods.push_back(std::unique_ptr<FnDecl>(static_cast<FnDecl*>(fn.release())));
            } else {
                if (is("let") || is("const")) next();
                accept("mut");
                s->fields.push_back(field());
            }
        }
        expect("}");
        s->span = from(start);
        return s;
    }
    FieldDecl field() {
        FieldDecl f;
        f.name = label("a field's name");
        if (accept(":")) f.type = type();
        if (accept("=")) f.value = expression();
        accept(",");
        f.doc = doc();
        return f;
    }
    StmtPtr import_stmt() {
        Span start = tok().span;
        auto s = std::make_unique<ImportStmt>(start);
        bool from_form = next().text == "from";
        if (tok().kind == Tok::kString) {
            s->path.span = tok().span;
            s->path.text = take_string();
        } else {
            s->path = ident("a module");
            while (accept(".")) {
                Ident part = ident();
                s->path.text += "." + part.text;
                s->path.span = join(s->path.span, part.span);
            }
        }
        if (from_form) {
            expect("import");
            do s->names.push_back(ident());
            while (accept(","));
        } else if (word("as")) {
            next();
            s->alias = ident();
        }
        s->span = from(start);
        return s;
    }
    StmtPtr if_stmt() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<IfStmt>(start);
        s->condition = expression();
        s->then_body = block();
        std::size_t mark = at_;
        skip_newlines();
        if (accept("else")) {
            if (is("if")) {
                Deeper deeper(*this);
                s->else_body.push_back(if_stmt());
            } else {
                s->else_body = block();
            }
        } else {
            at_ = mark;
        }
        s->span = from(start);
        return s;
    }
    StmtPtr for_stmt() {
        Span start = tok().span;
        next();
        bool paren = is("(") && (is("in", 2) || (is(",", 2) && is_name(3)));
        if (is("(") && !paren) return c_for(start);
        if (paren) next();
        auto s = std::make_unique<ForInStmt>(start);
        do s->names.push_back(ident());
        while (accept(","));
        expect("in");
        s->iterable = expression();
        if (paren) expect(")");
        s->body = block();
        s->span = from(start);
        return s;
    }
    StmtPtr c_for(Span start) {
        expect("(");
        auto s = std::make_unique<ForStmt>(start);
        if (!is(";")) s->init = is("let") ? let_stmt() : simple_stmt();
        expect(";");
        if (!is(";")) s->condition = expression();
        expect(";");
        if (!is(")")) s->step = simple_stmt();
        expect(")");
        s->body = block();
        s->span = from(start);
        return s;
    }
    StmtPtr switch_stmt() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<SwitchStmt>(start);
        s->subject = expression();
        expect("{");
        for (skip_newlines(); !is("}") && tok().kind != Tok::kEnd; skip_newlines()) {
            SwitchCase c;
            c.span = tok().span;
            if (!accept("default")) {
                expect("case");
                do c.values.push_back(expression());
                while (accept(","));
            }
            if (is("{")) {
                c.body = block();
            } else {
                expect(":");
                skip_newlines();
                c.body = statements(false);
            }
            c.span = from(c.span);
            s->cases.push_back(std::move(c));
        }
        expect("}");
        s->span = from(start);
        return s;
    }
    StmtPtr match_stmt() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<MatchStmt>(start);
        s->subject = expression();
        expect("{");
        for (skip_newlines(); !is("}") && tok().kind != Tok::kEnd; skip_newlines()) {
            MatchArm a;
            a.span = tok().span;
            if (word("_")) {
                next();
            } else {
                do a.patterns.push_back(binary(5));
                while (accept("|"));
            }
            if (accept("if")) a.guard = expression();
            expect("=>");
            if (is("{")) {
                a.body = block();
            } else {
                a.body.push_back(statement());
            }
            accept(",");
            a.span = from(a.span);
            s->arms.push_back(std::move(a));
        }
        expect("}");
        s->span = from(start);
        return s;
    }
    StmtPtr try_stmt() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<TryStmt>(start);
        s->body = block();
        std::size_t mark = at_;
        skip_newlines();
        if (accept("catch")) {
            s->has_catch = true;
            bool paren = accept("(");
            if (is_name()) s->catch_name = ident();
            if (paren) expect(")");
            s->catch_body = block();
            mark = at_;
            skip_newlines();
        }
        if (accept("finally")) {
            s->finally_body = block();
        } else {
            at_ = mark;
        }
        s->span = from(start);
        return s;
    }
    StmtPtr machine_decl() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<MachineDecl>(start);
        s->name = ident();
        if (accept(":")) s->base = ident();
        skip_lines();
        expect("{");
        s->doc = doc();
        s->body = statements(false);
        expect("}");
        s->span = from(start);
        return s;
    }
    StmtPtr schema_decl() {
        Span start = tok().span;
        next();
        auto s = std::make_unique<SchemaDecl>(start);
        s->name = ident();
        if (accept(":")) s->base = ident();
        skip_lines();
        expect("{");
        s->doc = doc();
        for (skip_newlines(); !is("}") && tok().kind != Tok::kEnd; skip_newlines()) s->fields.push_back(field());
        expect("}");
        s->span = from(start);
        return s;
    }
    StmtPtr device_stmt() {
        Span start = tok().span;
        auto s = std::make_unique<DeviceStmt>(start);
        if (word("device") && is_name(1)) next();
        s->type = ident();
        if (is_name()) s->name = ident();
        s->span = from(start);
        if (accept("(")) {
            while (!is(")")) {
                Span at = tok().span;
                auto a = std::make_unique<AssignStmt>(at);
                auto n = std::make_unique<NameExpr>(at);
                n->name = ident().text;
                a->target = std::move(n);
                if (!accept(":")) expect("=");
                a->value = expression();
                a->span = from(at);
                s->body.push_back(std::move(a));
                if (!accept(",")) break;
            }
            expect(")");
        }
        if (accept("{")) {
            s->doc = doc();
            StmtList body = statements(false);
            for (auto& b : body) s->body.push_back(std::move(b));
            expect("}");
        }
        s->span = from(start);
        return s;
    }

    // ---- types ----
    TypeRef type() {
        Deeper deeper(*this);
        TypeRef t;
        t.span = tok().span;
        if (accept("[")) {
            t.name = "array";
            t.parameters.push_back(type());
            expect("]");
        } else if (accept("fn")) {
            t.name = "fn";
            expect("(");
            while (!is(")")) {
                if (is_name() && is(":", 1)) next(), next();
                t.parameters.push_back(type());
                if (!accept(",")) break;
            }
            expect(")");
            if (accept("->")) t.result = std::make_unique<TypeRef>(type());
        } else {
            if (is("null")) {
                next();
                t.name = "null";
            } else {
                t.name = ident("a type").text;
            }
            while (accept(".")) t.name += "." + ident().text;
            if (accept("<")) {
                do t.parameters.push_back(type());
                while (accept(","));
                expect(">");
            }
            if (accept("(")) {
                while (!is(")")) {
                    t.arguments.push_back(expression());
                    if (!accept(",")) break;
                }
                expect(")");
            }
        }
        if (accept("?")) t.nullable = true;
        t.span = from(t.span);
        return t;
    }

    // ---- expressions ----
    ExprPtr expression() {
        Deeper deeper(*this);
        return binary(0);
    }
    struct Level {
        std::string_view text;
        BinaryOp op;
        int level;
    };
    const Level* operator_here() const {
        static constexpr Level kLevels[] = {
            {"??", BinaryOp::kCoalesce, 0},  {"||", BinaryOp::kOr, 1},           {"or", BinaryOp::kOr, 1},
            {"&&", BinaryOp::kAnd, 2},       {"and", BinaryOp::kAnd, 2},         {"|", BinaryOp::kBitOr, 3},
            {"^", BinaryOp::kBitXor, 4},     {"&", BinaryOp::kBitAnd, 5},        {"==", BinaryOp::kEqual, 6},
            {"!=", BinaryOp::kNotEqual, 6},  {"<", BinaryOp::kLess, 7},          {">", BinaryOp::kGreater, 7},
            {"<=", BinaryOp::kLessEqual, 7}, {">=", BinaryOp::kGreaterEqual, 7}, {"in", BinaryOp::kIn, 8},
            {"<<", BinaryOp::kShiftLeft, 9}, {">>", BinaryOp::kShiftRight, 9},   {"..", BinaryOp::kRange, 10},
            {"+", BinaryOp::kAdd, 11},       {"-", BinaryOp::kSubtract, 11},     {"*", BinaryOp::kMultiply, 12},
            {"/", BinaryOp::kDivide, 12},    {"%", BinaryOp::kModulo, 12},       {"//", BinaryOp::kFloorDivide, 12}};
        for (const Level& l : kLevels) {
            if (is(l.text)) return &l;
        }
        return nullptr;
    }
    ExprPtr binary(int min_level) {
        Span start = tok().span;
        ExprPtr left = unary();
        int chain = 0;
        for (;;) {
            if (is("not") && is("in", 1) && min_level <= 8) {
                Span op = next().span;
                next();
                left = combine(start, BinaryOp::kNotIn, op, std::move(left), binary(9));
                continue;
            }
            const Level* l = operator_here();
            if (!l || l->level < min_level) return left;
            if (++chain > kMaxDepth - 200) fail_here("this expression is too long");
            Span op = next().span;
            skip_lines();
            left = combine(start, l->op, op, std::move(left), binary(l->level + 1));
        }
    }
    ExprPtr combine(Span start, BinaryOp op, Span op_span, ExprPtr left, ExprPtr right) {
        auto b = std::make_unique<BinaryExpr>(start);
        b->op = op;
        b->op_span = op_span;
        b->left = std::move(left);
        b->right = std::move(right);
        b->span = from(start);
        return b;
    }
    ExprPtr unary() {
        Deeper deeper(*this);
        Span start = tok().span;
        UnaryOp op{};
        if (is("-")) {
            op = UnaryOp::kNegate;
        } else if (is("!") || is("not")) {
            op = UnaryOp::kNot;
        } else if (is("~")) {
            op = UnaryOp::kBitNot;
        } else {
            return power();
        }
        next();
        auto u = std::make_unique<UnaryExpr>(start);
        u->op = op;
        u->operand = unary();
        u->span = from(start);
        return u;
    }
    ExprPtr power() {
        Span start = tok().span;
        ExprPtr base = postfix();
        if (!is("**")) return base;
        Span op = next().span;
        return combine(start, BinaryOp::kPower, op, std::move(base), unary());
    }
    ExprPtr postfix() {
        Span start = tok().span;
        ExprPtr e = primary();
        for (int chain = 0;; ++chain) {
            if (chain > kMaxDepth - 200) fail_here("this expression is too long");
            if (is("(")) {
                next();
                auto c = std::make_unique<CallExpr>(start);
                c->callee = std::move(e);
                while (!is(")")) {
                    Argument a;
                    if ((is_name() || tok().kind == Tok::kKeyword) && (is("=", 1) || is(":", 1))) {
                        a.name = label("a name");
                        next();
                    }
                    a.value = expression();
                    c->arguments.push_back(std::move(a));
                    if (!accept(",")) break;
                }
                expect(")");
                c->span = from(start);
                e = std::move(c);
            } else if (is("[")) {
                e = index(start, std::move(e));
            } else if (is(".") || is("?.")) {
                auto m = std::make_unique<MemberExpr>(start);
                m->optional = next().text == "?.";
                m->object = std::move(e);
                m->member = ident("a member's name");
                m->span = from(start);
                e = std::move(m);
            } else if (is("++") || is("--")) {
                auto s = std::make_unique<StepExpr>(start);
                s->increment = next().text == "++";
                s->target = std::move(e);
                s->span = from(start);
                e = std::move(s);
            } else {
                return e;
            }
        }
    }
    ExprPtr index(Span start, ExprPtr object) {
        next();
        ExprPtr begin;
        if (!is(":")) begin = expression();
        if (accept(":")) {
            auto s = std::make_unique<SliceExpr>(start);
            s->object = std::move(object);
            s->begin = std::move(begin);
            if (!is("]")) s->end = expression();
            expect("]");
            s->span = from(start);
            return s;
        }
        auto i = std::make_unique<IndexExpr>(start);
        i->object = std::move(object);
        i->index = std::move(begin);
        expect("]");
        i->span = from(start);
        return i;
    }
    ExprPtr primary() {
        Span start = tok().span;
        switch (tok().kind) {
            case Tok::kInt:
            case Tok::kFloat:
                return number();
            case Tok::kString:
                return string_expr();
            case Tok::kName: {
                auto n = std::make_unique<NameExpr>(start);
                n->name = next().text;
                return n;
            }
            default:
                break;
        }
        if (is("true") || is("false")) {
            auto b = std::make_unique<BoolLiteral>(start);
            b->value = next().text == "true";
            return b;
        }
        if (accept("null")) return make<NullLiteral>(start);
        if (accept("super")) return make<SuperExpr>(start);
        if (is("fn")) {
            next();
            auto f = std::make_unique<FnExpr>(start);
            f->fn = fn_body(true);
            f->span = from(start);
            return f;
        }
        if (is("(")) return paren();
        if (is("[")) return array();
        if (is("{")) return map();
        fail_here("expected a value here");
    }
    ExprPtr number() {
        Span start = tok().span;
        Token t = next();
        std::string digits;
        for (char c : t.text) {
            if (c != '_') digits += c;
        }
        ExprPtr value;
        if (t.kind == Tok::kFloat) {
            auto f = std::make_unique<FloatLiteral>(start);
            f->value = std::strtod(digits.c_str(), nullptr);
            value = std::move(f);
        } else {
            auto i = std::make_unique<IntLiteral>(start);
            int radix = 10;
            std::string_view body = digits;
            if (body.size() > 2 && body[0] == '0' && (body[1] == 'x' || body[1] == 'o' || body[1] == 'b')) {
                radix = body[1] == 'x' ? 16 : body[1] == 'o' ? 8 : 2;
                body.remove_prefix(2);
            }
            std::uint64_t n = 0;
            auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), n, radix);
            if (error != std::errc{} || end != body.data() + body.size() || (radix == 10 && n > INT64_MAX)) {
                sink_.report(diagnostics::Code::kSyntax, start, "this is not a number that fits 64 bits");
            }
            i->value = static_cast<std::int64_t>(n);
            value = std::move(i);
        }
        if (!is_name() || tok().span.begin <= start.end) return value;
        bool unit = std::find(std::begin(kUnits), std::end(kUnits), tok().text) != std::end(kUnits);
        bool rate = std::find(std::begin(kRates), std::end(kRates), tok().text) != std::end(kRates) && is("/", 1) &&
                    word("s", 2);
        if (!unit && !rate) return value;
        auto q = std::make_unique<Quantity>(start);
        q->number = std::move(value);
        Token u = next();
        q->unit = {std::string(u.text), u.span};
        if (rate) {
            next();
            q->unit = {std::string(u.text) + "/s", join(u.span, next().span)};
        }
        q->span = from(start);
        return q;
    }
    ExprPtr paren() {
        Span start = tok().span;
        next();
        if (accept(")")) return make<TupleExpr>(start);
        ExprPtr first = expression();
        if (!is(",")) {
            expect(")");
            return first;
        }
        auto t = std::make_unique<TupleExpr>(start);
        t->elements.push_back(std::move(first));
        while (accept(",")) {
            if (is(")")) break;
            t->elements.push_back(expression());
        }
        expect(")");
        t->span = from(start);
        return t;
    }
    ExprPtr array() {
        Span start = tok().span;
        next();
        auto a = std::make_unique<ArrayExpr>(start);
        while (!is("]")) {
            a->elements.push_back(expression());
            if (is("for") && a->elements.size() == 1) return comprehension(start, std::move(a->elements[0]));
            if (!accept(",")) break;
        }
        expect("]");
        a->span = from(start);
        return a;
    }
    ExprPtr comprehension(Span start, ExprPtr element) {
        next();
        auto c = std::make_unique<Comprehension>(start);
        c->element = std::move(element);
        do c->names.push_back(ident());
        while (accept(","));
        expect("in");
        c->iterable = expression();
        if (accept("if")) c->condition = expression();
        expect("]");
        c->span = from(start);
        return c;
    }
    ExprPtr map() {
        Span start = tok().span;
        next();
        auto m = std::make_unique<MapExpr>(start);
        for (skip_lines(); !is("}"); skip_lines()) {
            MapEntry entry;
            if ((is_name() || tok().kind == Tok::kKeyword) && is(":", 1)) {
                auto k = std::make_unique<StringLiteral>(tok().span);
                k->value = next().text;
                entry.key = std::move(k);
            } else {
                entry.key = expression();
            }
            expect(":");
            skip_lines();
            entry.value = expression();
            m->entries.push_back(std::move(entry));
            skip_lines();
            if (!accept(",")) break;
        }
        skip_lines();
        expect("}");
        m->span = from(start);
        return m;
    }

    // ---- strings ----
    static void put_utf8(std::string& out, std::uint32_t c) {
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c < 0x800) {
            out += static_cast<char>(0xC0 | (c >> 6));
            out += static_cast<char>(0x80 | (c & 63));
        } else {
            out += static_cast<char>(0xE0 | (c >> 12));
            out += static_cast<char>(0x80 | ((c >> 6) & 63));
            out += static_cast<char>(0x80 | (c & 63));
        }
    }
    static std::string_view inside(std::string_view t) {
        std::size_t q = t.substr(0, 3) == "\"\"\"" ? 3 : 1;
        if (t.size() < 2 * q) return t.substr(std::min(q, t.size()));
        return t.substr(q, t.size() - 2 * q);
    }
    std::string unescape_text(std::string_view t) {
        std::string out;
        for (std::size_t i = 0; i < t.size(); ++i) {
            if (t[i] != '\\' || i + 1 >= t.size()) {
                out += t[i];
                continue;
            }
            char c = t[++i];
            if (c == 'n') {
                out += '\n';
            } else if (c == 't') {
                out += '\t';
            } else if (c == 'r') {
                out += '\r';
            } else if (c == '0') {
                out += '\0';
            } else if (c == 'x' && i + 2 < t.size() + 0) {
                out += static_cast<char>(std::strtoul(std::string(t.substr(i + 1, 2)).c_str(), nullptr, 16));
                i += 2;
            } else if (c == 'u' && i + 4 < t.size() + 0) {
                put_utf8(out, static_cast<std::uint32_t>(
                                  std::strtoul(std::string(t.substr(i + 1, 4)).c_str(), nullptr, 16)));
                i += 4;
            } else {
                out += c;
            }
        }
        return out;
    }
    std::string unescape(const Token& t) { return unescape_text(inside(t.text)); }

    ExprPtr string_expr() {
        Token t = next();
        std::string_view body = inside(t.text);
        if (t.text[0] == '\'' || body.find("${") == std::string_view::npos) {
            auto s = std::make_unique<StringLiteral>(t.span);
            s->value = unescape_text(body);
            return s;
        }
        auto s = std::make_unique<InterpolatedString>(t.span);
        std::size_t i = 0;
        std::size_t piece = 0;
        while (i < body.size()) {
            if (body[i] == '\\') {
                i += 2;
                continue;
            }
            if (body.substr(i, 2) != "${") {
                ++i;
                continue;
            }
            s->literals.push_back(unescape_text(body.substr(piece, i - piece)));
            std::size_t end = i + 2;
            std::size_t colon = std::string_view::npos;
            for (int depth = 0; end < body.size() && (depth > 0 || body[end] != '}'); ++end) {
                if (body[end] == '{' || body[end] == '(' || body[end] == '[') ++depth;
                if (body[end] == '}' || body[end] == ')' || body[end] == ']') --depth;
                if (depth == 0 && body[end] == ':') colon = end;
            }
            end = std::min(end, body.size());
            std::string_view code = body.substr(i + 2, (colon == std::string_view::npos ? end : colon) - i - 2);
            auto base = static_cast<std::uint32_t>(code.data() - text_.data()) + base_;
            Parser inner(lex(code, file_, base, sink_), code, file_, base, sink_);
            inner.depth_ = depth_ + 1;
            s->values.push_back(inner.only_expression());
            s->formats.emplace_back(colon == std::string_view::npos ? std::string_view()
                                                                    : body.substr(colon + 1, end - colon - 1));
            i = piece = std::min(end + 1, body.size());
        }
        s->literals.push_back(unescape_text(body.substr(piece)));
        return s;
    }

    std::vector<Token> tokens_;
    std::string_view text_;
    std::uint32_t file_;
    std::uint32_t base_;
    diagnostics::Sink& sink_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

std::unique_ptr<Module> parse(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink) {
    std::string_view text = sources.file(file).text;
    return Parser(lex(text, file, 0, sink), text, file, 0, sink).module();
}

}  // namespace nyx::syntax
