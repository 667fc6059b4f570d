// The language server: started for the first .ny file, restarted when its path changes, shown in the status bar.
'use strict';

const vscode = require('vscode');
const { LanguageClient, State } = require('vscode-languageclient/node');
const programs = require('./programs');

const looks = {
    [State.Starting]: { text: '$(sync~spin) Nyx', tip: 'The language server starts' },
    [State.Running]: { text: '$(check) Nyx', tip: 'The language server runs' },
    [State.Stopped]: { text: '$(warning) Nyx', tip: 'The language server does not run' },
};

class Server {
    constructor(context) {
        this.context = context;
        this.log = vscode.window.createOutputChannel('Nyx');
        this.status = vscode.window.createStatusBarItem('nyx.server', vscode.StatusBarAlignment.Right, 100);
        this.status.name = 'Nyx';
        this.status.command = 'nyx.showServerLog';
        context.subscriptions.push(this.log, this.status);
    }

    show(state, detail) {
        const look = looks[state];
        this.status.text = look.text;
        this.status.tooltip = detail ? `${look.tip}: ${detail}` : look.tip;
        this.status.show();
    }

    async start() {
        try {
            const command = programs.compiler(this.context);
            // Without a transport it is standard input and output; with one, an option `--stdio` would be added.
            const run = { command, args: ['lsp'] };
            this.client = new LanguageClient('nyx', 'Nyx', { run, debug: run }, {
                documentSelector: [{ scheme: 'file', language: 'nyx' }, { scheme: 'untitled', language: 'nyx' }],
                synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.ny') },
                outputChannel: this.log,
            });
            this.client.onDidChangeState((change) => this.show(change.newState, this.detail(command)));
            await this.client.start();
            this.show(State.Running, this.detail(command));
        } catch (error) {
            await this.failed(error);
        }
    }

    detail(command) {
        const info = this.client && this.client.initializeResult && this.client.initializeResult.serverInfo;
        return info ? `${info.name} ${info.version || ''}, ${command}` : command;
    }

    async failed(error) {
        this.show(State.Stopped, error.message);
        this.log.appendLine(error.message);
        const settings = 'Open settings';
        // Not awaited: it ends only when the person has chosen.
        vscode.window.showErrorMessage(`Nyx: ${error.message}`, settings).then((choice) => {
            if (choice === settings) vscode.commands.executeCommand('workbench.action.openSettings', 'nyx.server.path');
        });
    }

    async stop() {
        const client = this.client;
        this.client = undefined;
        if (client && client.state !== State.Stopped) await client.stop();
    }

    async restart() {
        await this.stop();
        await this.start();
    }
}

module.exports = { Server };
