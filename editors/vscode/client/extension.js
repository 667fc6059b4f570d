// Puts the parts together: server, tasks, commands.
'use strict';

const vscode = require('vscode');
const { Server } = require('./server');
const tasks = require('./tasks');
const views = require('./views');

let server;

// The file a command is about: what a code lens or a menu hands over, else the one in the editor. Saved first: nyxc reads the disk.
async function savedFile(uri) {
    const address = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
    const editor = vscode.window.activeTextEditor;
    const document = address ? await vscode.workspace.openTextDocument(address) : editor && editor.document;
    if (!document || document.languageId !== 'nyx' || document.uri.scheme !== 'file') throw new Error('open a .ny file first');
    if (document.isDirty) await document.save();
    return document.fileName;
}

// Code lenses name the machine, and the test; menus hand over other things.
function chosen(machine, test) {
    const named = machine && typeof machine === 'string' ? ['--machine', machine] : [];
    return test && typeof test === 'string' ? [...named, '--filter', test] : named;
}

function taskCommand(context, command) {
    return async (uri, machine, test) => {
        const file = await savedFile(uri);
        const more = command === 'check' ? [] : chosen(machine, command === 'test' ? test : undefined);
        await vscode.tasks.executeTask(tasks.make(context, { type: 'nyx', command, arguments: more }, file));
    };
}

function register(context, name, body) {
    const guarded = async (...args) => {
        try {
            return await body(...args);
        } catch (error) {
            vscode.window.showErrorMessage(`Nyx: ${error.message}`);
        }
    };
    context.subscriptions.push(vscode.commands.registerCommand(name, guarded));
}

async function activate(context) {
    server = new Server(context);
    const stages = new views.Stages(context);
    context.subscriptions.push(
        vscode.tasks.registerTaskProvider('nyx', new tasks.Tasks(context)),
        vscode.workspace.registerTextDocumentContentProvider(views.scheme, stages),
        vscode.workspace.onDidSaveTextDocument((document) => stages.saved(document)),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration('nyx.server.path')) server.restart();
        }));
    for (const command of ['check', 'build', 'test', 'run']) register(context, `nyx.${command}`, taskCommand(context, command));
    register(context, 'nyx.showPlan', async (uri, machine) => stages.show('plan', await savedFile(uri), 'json', chosen(machine)));
    register(context, 'nyx.showMemoryMap', async (uri) => stages.show('memory-map', await savedFile(uri), 'plaintext'));
    register(context, 'nyx.showTopology', async (uri, machine) => views.showTopology(context, await savedFile(uri), chosen(machine)));
    register(context, 'nyx.explain', (code) => views.explain(context, code));
    register(context, 'nyx.restartServer', () => server.restart());
    register(context, 'nyx.showServerLog', () => server.log.show(true));
    await server.start();
}

function deactivate() {
    return server && server.stop();
}

module.exports = { activate, deactivate };
