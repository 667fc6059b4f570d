-- Run inside headless Neovim by neovim.py: the set-up of editors/neovim with a real language server.
-- The folder of the test is the current one; nyxc is the first argument after `--`.
local nyxc = os.getenv('NYX_TEST_NYXC')
local patience = 60000 -- milliseconds; ends a test that hangs, nothing waits for it otherwise

local function say(...) io.stdout:write(string.format(...), '\n') end

local function fail(...)
    say('FAILED: ' .. string.format(...))
    vim.cmd('cquit 1')
end

local function expect(condition, ...)
    if not condition then fail(...) end
end

local function wait_for(what, condition)
    expect(vim.wait(patience, condition, 20), 'waited in vain for %s\n%s', what, table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'))
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n' end

local function edit(name)
    vim.cmd('edit! ' .. name)
    expect(vim.bo.filetype == 'nyx', '%s has the file type %q', name, vim.bo.filetype)
    wait_for('the server', function() return #vim.lsp.buf_get_clients(0) == 1 end)
    local _, client = next(vim.lsp.buf_get_clients(0))
    wait_for('its capabilities', function() return client.initialized or client.server_capabilities ~= nil end)
    return client
end

local function place(needle)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
        local column = line:find(needle, 1, true)
        if column then
            vim.api.nvim_win_set_cursor(0, { number, column - 1 })
            return
        end
    end
    fail('no %q in the text', needle)
end

local function codes()
    return table.concat(vim.tbl_map(function(d) return string.format('%s@%d:%d', d.code, d.lnum, d.col) end, vim.diagnostic.get(0)), ' ')
end

local function group_at(needle)
    place(needle)
    local at = vim.api.nvim_win_get_cursor(0)
    return vim.fn.synIDattr(vim.fn.synID(at[1], at[2] + 1, 1), 'name')
end

local function test_highlighting()
    for needle, group in pairs({
        ['machine'] = 'nyxStructure', ['GiB'] = 'nyxUnit', ['probe.elf'] = 'nyxString', ['require'] = 'nyxStatement',
        ['for '] = 'nyxRepeat', ['import'] = 'nyxInclude', ['# a comment'] = 'nyxComment', ['"""'] = 'nyxDocumentation', ['512'] = 'nyxNumber',
    }) do
        expect(group_at(needle) == group, '%q is %q, not %s', needle, group_at(needle), group)
    end
    say('ok: highlighting')
end

local function test_highlighting_of_devices()
    for needle, group in pairs({
        ['device'] = 'nyxStructure', ['host tx'] = 'nyxDevice', ['when'] = 'nyxDevice', ['state {'] = 'nyxDevice', ['bank'] = 'nyxDevice',
        ['reg '] = 'nyxDevice', ['rw'] = 'nyxAccess', ['reset'] = 'nyxDevice', ['@expect'] = 'nyxAnnotation', ['emit'] = 'nyxDevice',
        ['on write'] = 'nyxStatement', ['expect host'] = 'nyxDevice', ['loud:'] = '', ['host.tx'] = '',
    }) do
        expect(group_at(needle) == group, '%q is %q, not %s', needle, group_at(needle), group)
    end
    say('ok: highlighting of devices')
end

local function test_indentation()
    local before = text()
    vim.cmd('silent normal! gg=G')
    expect(text() == before, 'indentation changed the text to\n%s', text())
    say('ok: indentation')
end

local function test_diagnostics_and_fix()
    edit('broken.ny')
    wait_for('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
    expect(codes() == 'NY0501@2:4', 'the diagnostics are %s', codes())
    say('ok: diagnostics %s', codes())
    local offered
    vim.ui.select = function(items, _, choose)
        offered = #items
        choose(items[1], 1)
    end
    place('memroy')
    vim.lsp.buf.code_action()
    wait_for('the fix', function() return text():find('    memory = 1 GiB', 1, true) ~= nil end)
    wait_for('no diagnostics', function() return #vim.diagnostic.get(0) == 0 end)
    say('ok: fix, out of %d', offered)
end

local function test_quickfix()
    vim.cmd('edit! broken.ny')
    vim.bo.makeprg = nyxc .. ' check --color=never %:S'
    vim.cmd('silent make!')
    local found = vim.tbl_filter(function(item) return item.valid == 1 end, vim.fn.getqflist())
    expect(#found == 1 and found[1].lnum == 3 and found[1].col == 5, 'the quickfix list is %s', vim.inspect(vim.fn.getqflist()))
    say('ok: quickfix')
end

-- What the server announces it must do.
local function announced(client, name, test)
    if client.server_capabilities[name] then
        test()
        say('ok: %s', name)
    else
        say('not announced: %s', name)
    end
end

local function request(client, method, parameters)
    local answer, problem = client.request_sync(method, parameters, patience, vim.api.nvim_get_current_buf())
    expect(answer, '%s: %s', method, problem)
    expect(not answer.err, '%s: %s', method, vim.inspect(answer.err))
    return answer.result
end

local function demand_at(client, method, needle, more)
    place(needle)
    local parameters = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), more or {})
    local result = request(client, method, parameters)
    expect(result and result ~= vim.NIL and next(result) ~= nil, '%s at %q has no answer', method, needle)
    return result
end

-- As somebody types: a new statement that is not finished.
local function test_completion(client)
    local last = vim.api.nvim_buf_line_count(0)
    vim.api.nvim_buf_set_lines(0, last, last, false, { 'let more = dou' })
    local parameters = { textDocument = vim.lsp.util.make_text_document_params(0), position = { line = last, character = 14 } }
    local result = request(client, 'textDocument/completion', parameters)
    local matches = vim.lsp.util.text_document_completion_list_to_complete_items(result, 'dou')
    expect(#matches == 1 and matches[1].word:find('double', 1, true) == 1, 'the completion is %s', vim.inspect(matches))
    vim.api.nvim_buf_set_lines(0, last, -1, false, {})
end

local function test_rename()
    place('double(')
    vim.lsp.buf.rename('twice')
    wait_for('the new name', function() return text():find('double', 1, true) == nil end)
    local _, count = text():gsub('twice%(', '')
    expect(count == 3, 'after renaming the text is\n%s', text())
end

local function test_formatting()
    vim.cmd('edit! crooked.ny')
    if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = patience }) else vim.lsp.buf.formatting_sync(nil, patience) end
    local wanted = vim.fn.system({ nyxc, 'fmt', '-' }, table.concat(vim.fn.readfile('crooked.ny'), '\n') .. '\n')
    expect(vim.v.shell_error == 0, 'nyxc fmt says %s', wanted)
    expect(text() == wanted and text():find('    memory = 64 MiB', 1, true), 'formatting gives\n%s\nnot\n%s', text(), wanted)
end

local function test_announced()
    local client = edit('script.ny')
    local buffer = { textDocument = vim.lsp.util.make_text_document_params(0) }
    announced(client, 'hoverProvider', function() demand_at(client, 'textDocument/hover', 'double(') end)
    announced(client, 'definitionProvider', function() demand_at(client, 'textDocument/definition', 'double(2)') end)
    announced(client, 'referencesProvider', function()
        local found = demand_at(client, 'textDocument/references', 'double(', { context = { includeDeclaration = true } })
        expect(#found == 3, '%d references', #found)
    end)
    announced(client, 'completionProvider', function() test_completion(client) end)
    announced(client, 'signatureHelpProvider', function()
        place('double(2)')
        local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
        parameters.position.character = parameters.position.character + #'double('
        local found = request(client, 'textDocument/signatureHelp', parameters)
        expect(found.signatures[1].label:find('double(', 1, true) == 1, 'the signature is %s', vim.inspect(found))
    end)
    announced(client, 'documentHighlightProvider', function()
        local found = demand_at(client, 'textDocument/documentHighlight', 'double(')
        expect(#found == 3, '%d highlights', #found)
    end)
    announced(client, 'codeLensProvider', function() request(client, 'textDocument/codeLens', buffer) end)
    announced(client, 'workspaceSymbolProvider', function()
        local found = request(client, 'workspace/symbol', { query = 'double' })
        expect(found and found[1] and found[1].name == 'double', 'the symbols are %s', vim.inspect(found))
    end)
    announced(client, 'documentSymbolProvider', function()
        local found = request(client, 'textDocument/documentSymbol', buffer)
        expect(found and #found > 0, 'no symbols')
    end)
    announced(client, 'foldingRangeProvider', function()
        local found = request(client, 'textDocument/foldingRange', buffer)
        expect(found and #found > 0, 'nothing to fold')
    end)
    announced(client, 'renameProvider', test_rename)
    announced(client, 'documentFormattingProvider', test_formatting)
end

local function main()
    vim.opt.swapfile = false
    require('nyx').setup({ cmd = { nyxc, 'lsp' } })
    edit('clean.ny')
    test_highlighting()
    test_indentation()
    edit('device.ny')
    test_highlighting_of_devices()
    test_indentation()
    test_diagnostics_and_fix()
    test_announced()
    test_quickfix()
    say('all of Neovim %s passed', tostring(vim.version().minor))
    vim.cmd('qall!')
end

local fine, problem = xpcall(main, debug.traceback)
if not fine then fail('%s', problem) end
