#= in the builder
let vm = ProductionVMBuilder()
    .with_tpm()
    .build()
#waits: TPM
#= commands
tpm = vm_tpm.TPM2_Device()
hash_value = vm_tpm.sha256([0x61, 0x62, 0x63])
buffer = [1, 2, 3, 4]
tpm.execute_command(
    vm_tpm.TPM_CMD_PCR_EXTEND,
    {
        "pcr_index": 0,
        "hash": "sha256",
        "value": hash_value
    }
);
let pcr_value = tpm.execute_command(
    vm_tpm.TPM_CMD_PCR_READ,
    {"pcr_index": 0, "hash": "sha256"}
);
tpm.execute_command(
    vm_tpm.TPM_CMD_NV_WRITE,
    {"index": 0x1000001, "data": buffer}
);
print(vm_tpm.hex_text(pcr_value))  #> 589f9ffed4c477966bfb8d41f37895b08c69047df8f911d6f3b57fbe08faee8d
print(tpm.execute_command(vm_tpm.TPM_CMD_NV_READ, {"index": 0x1000001}))  #> [1, 2, 3, 4]
#= what a TPM refuses
tpm = vm_tpm.TPM2_Device()
try { tpm.execute_command(vm_tpm.TPM_CMD_PCR_READ, {"pcr_index": 24}) } catch e { print(e.message) }  #> a TPM has PCR 0 to 23, not 24
#= a command that needs keys
vm_tpm.TPM2_Device().execute_command(vm_tpm.TPM_CMD_QUOTE)
#waits: TPM command 0x158
