-- The language server of Nyx in Neovim 0.7 and later.
--   require('nyx').setup()                               nyxc from PATH
--   require('nyx').setup({ cmd = { '/opt/nyx/bin/nyxc', 'lsp' }, on_attach = function(client, buffer) … end })
local nyx = {}

-- One client a root, as editors newer than 0.7 keep them themselves.
local clients = {}

local function root_of(buffer)
    local file = vim.api.nvim_buf_get_name(buffer)
    local found = vim.fn.finddir('.git', vim.fn.fnamemodify(file, ':p:h') .. ';')
    return found ~= '' and vim.fn.fnamemodify(found, ':p:h:h') or vim.fn.fnamemodify(file, ':p:h')
end

local function attach(buffer, options)
    local root = root_of(buffer)
    local config = vim.tbl_extend('force', { name = 'nyx', cmd = { 'nyxc', 'lsp' }, root_dir = root }, options)
    if vim.lsp.start then
        vim.lsp.start(config, { bufnr = buffer })
        return
    end
    local client = clients[root]
    if not client or vim.lsp.client_is_stopped(client) then
        client = vim.lsp.start_client(config)
        clients[root] = client
    end
    if client then vim.lsp.buf_attach_client(buffer, client) end
end

function nyx.setup(options)
    options = options or {}
    local command = options.cmd and options.cmd[1] or 'nyxc'
    local group = vim.api.nvim_create_augroup('nyx', { clear = true })
    vim.api.nvim_create_autocmd('FileType', {
        group = group,
        pattern = 'nyx',
        callback = function(event)
            if vim.fn.executable(command) == 1 then
                attach(event.buf, options)
            else
                vim.notify_once('nyx: there is no ' .. command .. '; mistakes are not shown', vim.log.levels.WARN)
            end
        end,
    })
end

return nyx
