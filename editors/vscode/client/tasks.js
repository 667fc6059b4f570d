// Tasks of type "nyx": check, build, test and run a file, with mistakes in the Problems panel.
'use strict';

const path = require('path');
const vscode = require('vscode');
const programs = require('./programs');

function execution(context, definition, file) {
    const more = definition.arguments || [];
    const run = definition.command === 'run';
    const program = run ? programs.runtime(context) : programs.compiler(context);
    return new vscode.ProcessExecution(program, [definition.command, file, ...more], { cwd: path.dirname(file), env: environment(context, run) });
}

// `nyx run` starts the nyxc beside it or in PATH: put ours first.
function environment(context, run) {
    if (!run) return undefined;
    return { PATH: `${path.dirname(programs.compiler(context))}${path.delimiter}${process.env.PATH || ''}` };
}

function fileOf(definition, scope) {
    if (definition.file) return path.resolve(scope ? scope.uri.fsPath : '', definition.file);
    const editor = vscode.window.activeTextEditor;
    return editor && editor.document.languageId === 'nyx' ? editor.document.fileName : undefined;
}

function make(context, definition, file, name) {
    const scope = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) || vscode.TaskScope.Workspace;
    const task = new vscode.Task(definition, scope, name || `${definition.command} ${path.basename(file)}`, 'nyx',
                                 execution(context, definition, file), definition.command === 'test' ? ['$nyxc', '$nyxc-test'] : '$nyxc');
    if (definition.command === 'build') task.group = vscode.TaskGroup.Build;
    if (definition.command === 'test') task.group = vscode.TaskGroup.Test;
    task.presentationOptions = { clear: true, focus: definition.command === 'run' };
    return task;
}

class Tasks {
    constructor(context) {
        this.context = context;
    }

    provideTasks() {
        const file = fileOf({}, undefined);
        if (!file) return [];
        return ['check', 'build', 'test', 'run'].flatMap((command) => {
            try {
                return [make(this.context, { type: 'nyx', command }, file)];
            } catch {
                return [];  // the program is not there: no task is offered for it; the commands say why
            }
        });
    }

    resolveTask(task) {
        const scope = typeof task.scope === 'object' ? task.scope : undefined;
        const file = fileOf(task.definition, scope);
        return file ? make(this.context, task.definition, file, task.name) : undefined;
    }
}

module.exports = { Tasks, make };
