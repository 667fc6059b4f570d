// Where nyxc and nyx are: what the settings say, else what this extension carries, else what PATH has.
'use strict';

const fs = require('fs');
const path = require('path');
const vscode = require('vscode');

function isProgram(file) {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

function inPath(name) {
    const folders = (process.env.PATH || '').split(path.delimiter).filter(Boolean);
    return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function chosen(setting) {
    const value = vscode.workspace.getConfiguration('nyx').get(setting, '').trim();
    return value.replace(/^~(?=\/)/, process.env.HOME || '~');
}

// A setting that names no program is a mistake to report, not a reason to take another program.
function find(setting, name, candidates) {
    const wanted = chosen(setting);
    if (wanted) {
        if (isProgram(wanted)) return wanted;
        throw new Error(`\`nyx.${setting}\` is ${wanted}, which is no program`);
    }
    const found = candidates.find(isProgram) || inPath(name);
    if (found) return found;
    throw new Error(`there is no ${name} in this extension or in PATH; set \`nyx.${setting}\``);
}

function compiler(context) {
    return find('server.path', 'nyxc', [context.asAbsolutePath('server/bin/nyxc')]);
}

function runtime(context) {
    return find('runtime.path', 'nyx', [path.join(path.dirname(compiler(context)), 'nyx')]);
}

module.exports = { compiler, runtime };
