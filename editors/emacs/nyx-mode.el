;;; nyx-mode.el --- Major mode for Nyx, virtual machines as code -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:
;; Highlighting and indentation for .ny files, `M-x compile' with `nyxc check', and the language server through eglot:
;;   (add-to-list 'load-path "…/editors/emacs")
;;   (require 'nyx-mode)
;;   (add-hook 'nyx-mode-hook #'eglot-ensure)

;;; Code:

(require 'compile)

(defgroup nyx nil "Virtual machines as code." :group 'languages)

(defcustom nyx-compiler "nyxc"
  "The program `nyxc'."
  :type 'string)

(defcustom nyx-indent-offset 4
  "Columns of a step of indentation."
  :type 'integer
  :safe #'integerp)

(defconst nyx-keywords
  '("if" "else" "while" "for" "in" "switch" "case" "default" "match" "break" "continue" "return" "try" "catch" "finally"
    "throw" "raise" "assert" "pass" "import" "let" "mut" "const" "fn" "class" "extends" "and" "or" "not")
  "Words that are keywords everywhere but after a dot.")

(defconst nyx-constants '("true" "false" "null" "super" "self" "this"))

(defconst nyx-statement-words
  '("machine" "schema" "device" "module" "typealias" "on" "test" "require" "recover" "use" "from")
  "Words that are keywords only where a statement begins.")

(defconst nyx-device-words
  '("acpi" "bank" "derive" "emit" "enum" "expect" "host" "index" "invariant" "migrate" "override" "phase" "reg" "reset" "since" "state" "stride" "timer" "when")
  "Words that begin an item of a device declaration, belong to one or begin a statement of its code.")

(defconst nyx-accesses
  '("const" "ro" "wo" "rw" "w1c" "w1s" "w0c" "rc" "doorbell" "rsvd")
  "How a register or its bits are accessed.")

(defconst nyx-units
  '("bit/s" "kbit/s" "Mbit/s" "Gbit/s" "Tbit/s" "B/s" "KiB/s" "MiB/s" "GiB/s" "kB/s" "MB/s" "GB/s" "B" "KiB" "MiB" "GiB" "TiB"
    "PiB" "kB" "KB" "MB" "GB" "TB" "PB" "ns" "us" "ms" "s" "min" "h" "Hz" "kHz" "MHz" "GHz"))

(defconst nyx-types
  '("int" "float" "string" "bool" "bytes" "any" "map" "list" "array" "tuple" "size" "time" "rate" "frequency"))

(defconst nyx--statement-start "\\(?:^\\|[;{}]\\)[ \t]*")

(defconst nyx-font-lock-keywords
  `(;; After a dot every word is a name, keywords too.
    ("\\(?:[^.]\\|^\\)\\.[ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)" 1 'default)
    (,(concat nyx--statement-start "\\(machine\\|schema\\|device\\|module\\|class\\|typealias\\)[ \t]+\\([A-Za-z_][A-Za-z0-9_]*\\)")
     (1 'font-lock-keyword-face) (2 'font-lock-type-face))
    (,(concat nyx--statement-start "\\(use\\|from\\)[ \t]+[\"'A-Za-z_]") 1 'font-lock-keyword-face)
    (,(concat nyx--statement-start "\\(on\\)[ \t]+[A-Za-z_][A-Za-z0-9_]*[ \t]*[^ \t=A-Za-z0-9_]") 1 'font-lock-keyword-face)
    (,(concat nyx--statement-start "\\(test\\)[ \t]*\"") 1 'font-lock-keyword-face)
    (,(concat nyx--statement-start "\\(require\\|recover\\)\\(?:[ \t]+[^ \t=:.,;)]\\|[ \t]*(\\)") 1 'font-lock-keyword-face)
    (,(concat "\\(?:" nyx--statement-start "\\|\\_<override[ \t]+\\)" (regexp-opt nyx-device-words t)
              "\\(?:[ \t]+[A-Za-z_0-9!(-]\\|[ \t]*{\\)")
     1 'font-lock-keyword-face)
    ;; What stands within an item.
    ("[])>A-Za-z0-9_][ \t]+\\(reset\\|stride\\|when\\)[ \t]+[A-Za-z_0-9!(]" 1 'font-lock-keyword-face)
    (,(concat "[])A-Za-z0-9_][ \t]+" (regexp-opt nyx-accesses t) "\\_>[ \t]*\\(?:[^ \t:.]\\|$\\)") 1 'font-lock-builtin-face)
    ("@[ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*(" 1 'font-lock-preprocessor-face)
    ("[A-Za-z0-9_\"'][ \t]+\\(as\\)[ \t]+[A-Za-z_]" 1 'font-lock-keyword-face)
    ;; Before `=' or `:' in an argument list too.
    ("[(,][ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*\\(?::\\|=[^=>]\\)" 1 'font-lock-variable-name-face)
    ("\\_<fn[ \t]+\\([A-Za-z_][A-Za-z0-9_]*\\)" 1 'font-lock-function-name-face)
    (,(concat "[0-9][ \t]*\\(" (regexp-opt nyx-units) "\\)\\_>") 1 'font-lock-type-face)
    (,(concat "\\(?::\\|->\\|<\\)[ \t]*" (regexp-opt nyx-types t) "\\_>") 1 'font-lock-type-face)
    (,(regexp-opt nyx-keywords 'symbols) . 'font-lock-keyword-face)
    (,(regexp-opt nyx-constants 'symbols) . 'font-lock-constant-face)
    ("^[ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*=[^=>]" 1 'font-lock-variable-name-face)))

(defvar nyx-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?' "\"" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?$ "." table)
    (dolist (c '(?+ ?- ?* ?/ ?% ?& ?| ?^ ?= ?< ?> ?! ?~ ??)) (modify-syntax-entry c "." table))
    table))

(defun nyx--triple-quote ()
  "Make the quotes of \"\"\" one string delimiter: the first or the last of them."
  (let* ((begin (match-beginning 0))
         (state (save-excursion (syntax-ppss begin)))
         (inside (nth 3 state)))
    (cond
     ((and (null inside) (null (nth 4 state))) (put-text-property begin (1+ begin) 'syntax-table (string-to-syntax "|")))
     ((eq inside t) (put-text-property (+ begin 2) (+ begin 3) 'syntax-table (string-to-syntax "|"))))))

(defconst nyx-syntax-propertize
  (syntax-propertize-rules ("\"\"\"" (0 (ignore (nyx--triple-quote))))))

(defun nyx--line-depth ()
  "Depth in brackets of this line; those that it begins by closing count as closed."
  (save-excursion
    (back-to-indentation)
    (let ((depth (nyx--opening-lines (point))))
      (while (looking-at "[])}]")
        (setq depth (nyx--opening-lines (1+ (point))))
        (forward-char))
      depth)))

(defun nyx--opening-lines (position)
  "How many lines open a bracket that is still open at POSITION: `f({' is one step."
  (let ((lines (mapcar #'line-number-at-pos (nth 9 (save-excursion (syntax-ppss position))))))
    (length (delete-dups lines))))

(defun nyx-indent-line ()
  "One step for each line that has opened a bracket, one more for a line that goes on with a dot."
  (interactive)
  (unless (nth 3 (save-excursion (syntax-ppss (line-beginning-position))))
    (let* ((dot (save-excursion (back-to-indentation) (looking-at "\\??\\.[A-Za-z_]")))
           (column (* nyx-indent-offset (+ (nyx--line-depth) (if dot 1 0)))))
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;;###autoload
(define-derived-mode nyx-mode prog-mode "Nyx"
  "Major mode for virtual machines as code."
  (setq-local comment-start "# " comment-start-skip "#+[ \t]*" comment-end "")
  (setq-local syntax-propertize-function nyx-syntax-propertize)
  (setq-local font-lock-defaults '(nyx-font-lock-keywords))
  (setq-local indent-line-function #'nyx-indent-line indent-tabs-mode nil tab-width nyx-indent-offset)
  (setq-local electric-indent-chars (append "{}()[]\n" electric-indent-chars))
  (setq-local imenu-generic-expression
              '((nil "^[ \t]*\\(?:machine\\|schema\\|class\\|module\\|fn\\)[ \t]+\\([A-Za-z_][A-Za-z0-9_]*\\)" 1)))
  (when buffer-file-name
    (setq-local compile-command
                (format "%s check --color=never %s" nyx-compiler (shell-quote-argument (file-name-nondirectory buffer-file-name))))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.ny\\'" . nyx-mode))

(add-to-list 'compilation-error-regexp-alist-alist '(nyxc "^ *┌─ \\(.+\\):\\([0-9]+\\):\\([0-9]+\\)$" 1 2 3))
(add-to-list 'compilation-error-regexp-alist 'nyxc)

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(nyx-mode . (,nyx-compiler "lsp"))))

(provide 'nyx-mode)
;;; nyx-mode.el ends here
