device virtio_transport(
    mmio: mmio(4096) = auto,
    common: mmio(64) = auto,
    isr: mmio(1) = auto,
    notify: mmio(32) = auto,
    irq: gsi = auto,
    device_id: int(1..63) = 2,
    queues: int(1..8) = 1,
    queue_size_max: int(1..32768) = 256,
    features: int(0..0x7fffffffffffffff) = 0x100000000,
) snapshot 1 {
    """The registers of a virtio device, once, for both transports: memory-mapped and PCI.

    Virtual I/O Device (VIRTIO) 1.2, sections in the text: 2.1 and 3.1 device status, 2.2 features, 4.1.4.3 the common
    configuration of PCI, 4.2.2 the memory-mapped registers. What the specification allows when is said by the phases,
    to which the state belongs. A register of either transport that changes it stands in its phase, or does not compile.
    Rings and the configuration space are the device's that stands behind it."""

    # To the device: what the driver asks for. A queue is notified at any time after its doorbell was rung, so each has a
    # sink of its own: among different ones there is no order to lose.
    host notified0: sink<u8>, notified1: sink<u8>, notified2: sink<u8>, notified3: sink<u8>
    host notified4: sink<u8>, notified5: sink<u8>, notified6: sink<u8>, notified7: sink<u8>
    host queue_enabled: sink<u16>,
        queue_stopped: sink<u16>,
        driver_ready: sink<u64>,
        was_reset: sink<u8>,
        msi: sink<u16>
    # From the device, and whether MSI-X is enabled in PCI configuration.
    host refused: source<u16>,
        used: source<u16>,
        config_changed: event,
        broken: event,
        msix: source<u8>

    enum Status: u8 {
        acknowledge = 1
        driver = 2
        driver_ok = 4
        features_ok = 8
        needs_reset = 64
        failed = 128
    }
    state {
        status: u8 = 0 """Section 2.1."""
        interrupts: u2 = 0
            """Bit 0: a used buffer, bit 1: the configuration changed (2.3, 4.1.4.5, 4.2.2)."""
        generation: u8 = 0 """Of the configuration space; a reset keeps it."""
        device_features_sel: u32 = 0
        driver_features_sel: u32 = 0
        queue_sel: u16 = 0
        config_vector: u16 = 0xffff """MSI-X; 0xffff: none (4.1.5.1.2)."""
        queue_vector: [u16; 8] = 0xffff
        msix_enabled: bool = false """PCI's, which no reset of the transport changes."""
        stopped: [bool; 8] = false
            """Queues that the driver took back while the device ran (4.2.2.2)."""
    }
    derive is_negotiating = status[1] && !status[3] && !status[7]
    derive is_configuring = status[3] && !status[2] && !status[7]
    derive is_live = status[2]
    derive is_running = status[2] && !status[6] && !status[7]
    derive irq = interrupts != 0

    # 3.1.1, steps 4 to 6: features are chosen between DRIVER and FEATURES_OK.
    phase negotiating after is_negotiating {
        state { driver_features: u64 = 0 }
    }
    # 3.1.1, step 7: queues are set up between FEATURES_OK and DRIVER_OK.
    phase configuring after is_configuring {
        state {
            size: [u16; 8] = 0 """0: as many as the device can have."""
            enabled: [bool; 8] = false
            descriptors: [u64; 8] = 0
            available: [u64; 8] = 0
            used_ring: [u64; 8] = 0
        }
        # Its rings do not lie in RAM.
        on refused(queue) { if queue < 8 { enabled[u3(queue)] = false } }
    }
    # 3.1.1, step 8: the device is live.
    phase running after is_running { }

    invariant status[3] || !status[2]
    invariant (driver_features & ~features) == 0 || !status[3]

    # ---- What the registers of both transports do

    fn has_queue() -> bool { return queue_sel < 8 && queue_sel < u16(queues) }
    fn selected() -> u3 { return u3(queue_sel) }

    # 2.1.2: a driver sets bits and never clears one, but all of them, which resets the device. FEATURES_OK stays clear
    # where the device does not take the features (2.2.2), and DRIVER_OK waits for it.
    fn set_status(v: u8) {
        if v == 0 {
            reset_all()
            return
        }
        let takes = (driver_features & ~features) == 0 && driver_features[32]
        let mut next = status | (v & 0x83)
        if v[3] && takes && status[1] { next[3] = true }
        let begins = v[2] && next[3] && !status[2]
        if begins { next[2] = true }
        status = next
        if begins { emit driver_ready(driver_features) }
    }
    # 2.4: reset. Nothing of the driver's remains.
    fn reset_all() {
        status = 0
        interrupts = 0
        device_features_sel = 0
        driver_features_sel = 0
        queue_sel = 0
        config_vector = 0xffff
        for n in 0..8 {
            queue_vector[n] = 0xffff
            stopped[n] = false
        }
        negotiating.reset()
        configuring.reset()
        emit was_reset(0)
    }
    fn offered() -> u32 {
        if device_features_sel == 0 { return u32(features) }
        if device_features_sel == 1 { return u32(features >> 32) }
        return 0
    }
    fn chosen() -> u32 {
        if driver_features_sel == 0 { return driver_features[31..0] }
        if driver_features_sel == 1 { return driver_features[63..32] }
        return 0
    }
    fn choose(v: u32) {
        if driver_features_sel == 0 { driver_features[31..0] = v }
        if driver_features_sel == 1 { driver_features[63..32] = v }
    }
    # The queue that is selected, while it may still be changed: there, and not enabled (4.1.4.3.2, 4.2.3.2).
    fn is_open() -> bool { return has_queue() && !enabled[selected()] }
    fn queue_size() -> u16 {
        if !has_queue() { return 0 }
        let asked = size[selected()]
        if asked == 0 { return u16(queue_size_max) }
        return asked
    }
    # 2.6: a power of two, and no more than the device can have.
    fn set_size(v: u16) {
        if is_open() && v != 0 && (v & (v - 1)) == 0 && v <= u16(queue_size_max) {
            size[selected()] = v
        }
    }
    # 2.7: the descriptors stand at a multiple of 16, the available ring of 2, the used ring of 4. A queue that does not is
    # not enabled.
    fn enable() {
        if !is_open() { return }
        let n = selected()
        if descriptors[n][3..0] == 0 && !available[n][0] && used_ring[n][1..0] == 0 {
            enabled[n] = true
            emit queue_enabled(u16(n))
        }
    }
    fn disable() {
        if is_enabled() {
            enabled[selected()] = false
            emit queue_stopped(queue_sel)
        }
    }
    fn stop() {
        if is_enabled() {
            stopped[selected()] = true
            emit queue_stopped(queue_sel)
        }
    }
    fn is_enabled() -> bool { return has_queue() && enabled[selected()] && !stopped[selected()] }
    fn ready() -> u32 {
        if is_enabled() { return 1 }
        return 0
    }
    fn is_served(n: u3) -> bool { return u16(n) < u16(queues) && enabled[n] && !stopped[n] }
    fn ring0() { if is_served(0) { emit notified0(0) } }
    fn ring1() { if is_served(1) { emit notified1(0) } }
    fn ring2() { if is_served(2) { emit notified2(0) } }
    fn ring3() { if is_served(3) { emit notified3(0) } }
    fn ring4() { if is_served(4) { emit notified4(0) } }
    fn ring5() { if is_served(5) { emit notified5(0) } }
    fn ring6() { if is_served(6) { emit notified6(0) } }
    fn ring7() { if is_served(7) { emit notified7(0) } }
    # 4.1.5.1.2.1: one for each queue and one for the configuration; the driver reads back whether it has it.
    fn vector_of(v: u16) -> u16 {
        if v > u16(queues) { return 0xffff }
        return v
    }

    # ---- What the device behind them does

    # 4.1.4.5: with MSI-X there is no interrupt status.
    fn tell(vector: u16, bit: u1) {
        if !msix_enabled { interrupts[bit] = true }
        if msix_enabled && vector != 0xffff { emit msi(vector) }
    }
    on msix(v) { msix_enabled = v != 0 }
    on used(queue) { if is_running && queue < 8 { tell(queue_vector[u3(queue)], 0) } }
    on config_changed {
        generation = generation + 1
        if is_running { tell(config_vector, 1) }
    }
    # 2.1.2: DEVICE_NEEDS_RESET, of which a driver that runs is told.
    on broken {
        if status[3] && !status[6] {
            status[6] = true
            if status[2] { tell(config_vector, 1) }
        }
    }

    # ---- 4.2.2 Memory-mapped

    # A page of its own: its reads need no exit. The configuration space is behind 0x100.
    bank over_mmio: mmio @mmio, size 4096, gaps zero, other widen {
        reg magic_value @0x00: u32 const reset 0x74726976
        reg version @0x04: u32 const reset 2
        reg device_id_reg @0x08: u32 ro = u32(device_id)
        reg vendor_id @0x0c: u32 const reset 0x58594e
        reg device_features @0x10: u32 ro { on read { return offered() } }
        reg device_features_select @0x14: u32 wo { on write(v) { device_features_sel = v } }
        reg driver_features_select @0x24: u32 wo { on write(v) { driver_features_sel = v } }
        reg queue_select @0x30: u32 wo { on write(v) { queue_sel = narrow(v) } }
        reg queue_num_max @0x34: u32 ro { on read { return queue_limit() } }
        phase negotiating {
            reg driver_features_word @0x20: u32 wo { on write(v) { choose(v) } }
        }
        phase configuring {
            reg queue_num @0x38: u32 wo { on write(v) { set_size(narrow(v)) } }
            reg queue_desc_low @0x80: u32 wo {
                on write(v) { if is_open() { descriptors[selected()][31..0] = v } }
            }
            reg queue_desc_high @0x84: u32 wo {
                on write(v) { if is_open() { descriptors[selected()][63..32] = v } }
            }
            reg queue_driver_low @0x90: u32 wo {
                on write(v) { if is_open() { available[selected()][31..0] = v } }
            }
            reg queue_driver_high @0x94: u32 wo {
                on write(v) { if is_open() { available[selected()][63..32] = v } }
            }
            reg queue_device_low @0xa0: u32 wo {
                on write(v) { if is_open() { used_ring[selected()][31..0] = v } }
            }
            reg queue_device_high @0xa4: u32 wo {
                on write(v) { if is_open() { used_ring[selected()][63..32] = v } }
            }
        }
        when is_live {
            reg queue_ready_live @0x44: u32 rw {
                on read { return ready() }
                on write(v) { if v == 0 { stop() } }
            }
        } else {
            phase configuring {
                reg queue_ready @0x44: u32 rw {
                    on read { return ready() }
                    on write(v) {
                        if v == 1 { enable() }
                        if v == 0 { disable() }
                    }
                }
            }
        }
        phase running {
            reg queue_notify @0x50: u32 wo @expect(doorbell) {
                on write(v) {
                    if v == 0 { ring0() }
                    if v == 1 { ring1() }
                    if v == 2 { ring2() }
                    if v == 3 { ring3() }
                    if v == 4 { ring4() }
                    if v == 5 { ring5() }
                    if v == 6 { ring6() }
                    if v == 7 { ring7() }
                }
            }
        }
        reg interrupt_status @0x60: u32 ro @expect(const_read) = u32(interrupts)
        reg interrupt_ack @0x64: u32 wo { on write(v) { interrupts = interrupts & ~v[1..0] } }
        reg status_word @0x70: u32 rw {
            on read { return u32(status) }
            on write(v) { if v < 256 { set_status(u8(v)) } }
        }
        reg shm_len[2] @0xb0: u32 ro { on read { return 0xffffffff } }
        reg config_generation @0xfc: u32 ro = u32(generation)
    }
    # A number of a queue, or a size, that does not fit is none.
    fn narrow(v: u32) -> u16 {
        if v > 0xffff { return 0xffff }
        return v
    }
    fn queue_limit() -> u32 {
        if has_queue() { return u32(queue_size_max) }
        return 0
    }

    # ---- 4.1.4.3 PCI: common configuration, 4.1.4.5 ISR status, 4.1.4.4 notifications

    bank over_pci: mmio @common, size 64, gaps zero {
        reg device_feature_select @0x00: u32 rw {
            on read { return device_features_sel }
            on write(v) { device_features_sel = v }
        }
        reg device_feature @0x04: u32 ro { on read { return offered() } }
        reg driver_feature_select @0x08: u32 rw {
            on read { return driver_features_sel }
            on write(v) { driver_features_sel = v }
        }
        phase negotiating {
            reg driver_feature @0x0c: u32 rw {
                on read { return chosen() }
                on write(v) { choose(v) }
            }
        }
        reg config_msix_vector @0x10: u16 rw {
            on read { return config_vector }
            on write(v) { config_vector = vector_of(v) }
        }
        reg num_queues @0x12: u16 ro = u16(queues)
        reg device_status @0x14: u8 rw {
            on read { return status }
            on write(v) { set_status(v) }
        }
        reg config_generation_byte @0x15: u8 ro = generation
        reg queue_select_word @0x16: u16 rw {
            on read { return queue_sel }
            on write(v) { queue_sel = v }
        }
        reg queue_msix_vector @0x1a: u16 rw {
            on read {
                if has_queue() { return queue_vector[selected()] }
                return 0xffff
            }
            on write(v) { if has_queue() { queue_vector[selected()] = vector_of(v) } }
        }
        reg queue_notify_off @0x1e: u16 ro { on read { return queue_sel } }
        phase configuring {
            reg queue_size_word @0x18: u16 rw {
                on read { return queue_size() }
                on write(v) { set_size(v) }
            }
            reg queue_enable @0x1c: u16 rw {
                on read {
                    if is_enabled() { return 1 }
                    return 0
                }
                on write(v) { if v == 1 { enable() } }
            }
            reg queue_desc[2] @0x20: u32 rw {
                on read(half) { return half_of_desc(half) }
                on write(v, half) {
                    if is_open() {
                        if half == 0 {
                            descriptors[selected()][31..0] = v
                        } else {
                            descriptors[selected()][63..32] = v
                        }
                    }
                }
            }
            reg queue_driver[2] @0x28: u32 rw {
                on read(half) { return half_of_driver(half) }
                on write(v, half) {
                    if is_open() {
                        if half == 0 {
                            available[selected()][31..0] = v
                        } else {
                            available[selected()][63..32] = v
                        }
                    }
                }
            }
            reg queue_device[2] @0x30: u32 rw {
                on read(half) { return half_of_device(half) }
                on write(v, half) {
                    if is_open() {
                        if half == 0 {
                            used_ring[selected()][31..0] = v
                        } else {
                            used_ring[selected()][63..32] = v
                        }
                    }
                }
            }
        }
    }
    fn half(v: u64, which: u1) -> u32 {
        if which == 0 { return v[31..0] }
        return v[63..32]
    }
    fn half_of_desc(which: u1) -> u32 {
        if has_queue() { return half(descriptors[selected()], which) }
        return 0
    }
    fn half_of_driver(which: u1) -> u32 {
        if has_queue() { return half(available[selected()], which) }
        return 0
    }
    fn half_of_device(which: u1) -> u32 {
        if has_queue() { return half(used_ring[selected()], which) }
        return 0
    }

    bank isr_status: mmio @isr, size 1, gaps zero {
        reg isr_byte @0 ro {
            """Reading takes the interrupts (4.1.4.5)."""
            on read {
                let taken = u8(interrupts)
                interrupts = 0
                return taken
            }
        }
    }
    bank notifications: mmio @notify, size 32, gaps zero {
        phase running {
            reg notify_queue0 @0x00: u16 wo @expect(doorbell) {
                """A doorbell for each queue; notify_off_multiplier is 4."""
                on write(v) { ring0() }
            }
            reg notify_queue1 @0x04: u16 wo @expect(doorbell) { on write(v) { ring1() } }
            reg notify_queue2 @0x08: u16 wo @expect(doorbell) { on write(v) { ring2() } }
            reg notify_queue3 @0x0c: u16 wo @expect(doorbell) { on write(v) { ring3() } }
            reg notify_queue4 @0x10: u16 wo @expect(doorbell) { on write(v) { ring4() } }
            reg notify_queue5 @0x14: u16 wo @expect(doorbell) { on write(v) { ring5() } }
            reg notify_queue6 @0x18: u16 wo @expect(doorbell) { on write(v) { ring6() } }
            reg notify_queue7 @0x1c: u16 wo @expect(doorbell) { on write(v) { ring7() } }
        }
    }

    test "after a reset" {
        expect read(magic_value) == 0x74726976
        expect read(version) == 2
        expect read(device_id_reg) == 2
        expect read(status_word) == 0
        expect read(device_status) == 0
        expect read(queue_num_max) == 256
        expect read(queue_size_word) == 256
        expect read(num_queues) == 1
        expect read(queue_ready) == 0
        expect read(queue_enable) == 0
        expect read(interrupt_status) == 0
        expect read(isr_byte) == 0
        expect read(config_msix_vector) == 0xffff
        expect read(queue_msix_vector) == 0xffff
        expect read(driver_feature) == 0
        expect read(device_feature) == 0
        expect read(config_generation) == 0
        expect !irq
    }
    test "a driver over PCI" {
        write(device_status, 1)
        write(device_status, 3)
        write(device_feature_select, 1)
        expect read(device_feature) == 1
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        expect read(driver_feature) == 1
        write(device_status, 11)
        expect read(device_status) == 11
        write(queue_size_word, 64)
        expect read(queue_size_word) == 64
        write(queue_desc[0], 0x1000)
        write(queue_driver[0], 0x2000)
        write(queue_device[1], 1)
        expect read(queue_device[1]) == 1
        write(queue_enable, 1)
        expect read(queue_enable) == 1
        write(device_status, 15)
        expect host.driver_ready.pop_or(0) == 0x100000000
        write(notify_queue0, 0)
        expect host.notified0.len == 1
        host.used(0)
        expect irq
        expect read(isr_byte) == 1
        expect !irq
    }
    test "a driver over MMIO" {
        write(status_word, 1)
        write(status_word, 3)
        write(driver_features_select, 1)
        write(driver_features_word, 1)
        write(status_word, 11)
        expect read(status_word) == 11
        write(queue_num, 128)
        write(queue_desc_low, 0x1000)
        write(queue_driver_low, 0x2000)
        write(queue_device_low, 0x3000)
        write(queue_ready, 1)
        expect read(queue_ready) == 1
        expect read(queue_size_word) == 128
        expect read(queue_desc[0]) == 0x1000
        write(status_word, 15)
        write(queue_notify, 0)
        expect host.notified0.len == 1
        host.used(0)
        expect read(interrupt_status) == 1
        write(interrupt_ack, 1)
        expect !irq
    }
    test "after DRIVER_OK no transport changes a queue" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_size_word, 64)
        write(device_status, 15)
        write(queue_size_word, 32)
        expect read(queue_size_word) == 64
        write(queue_num, 32)
        expect read(queue_size_word) == 64
        write(queue_desc[0], 0x1000)
        write(queue_desc_low, 0x1000)
        expect read(queue_desc[0]) == 0
        write(queue_enable, 1)
        write(queue_ready_live, 1)
        expect read(queue_enable) == 0
    }
    test "nothing is configured before FEATURES_OK, and no feature is chosen after it" {
        write(queue_size_word, 32)
        write(queue_num, 32)
        expect read(queue_size_word) == 256
        write(driver_feature, 1)
        expect read(driver_feature) == 0
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(driver_feature, 0)
        write(driver_features_word, 0)
        expect read(driver_feature) == 1
    }
    test "features that were not offered, or a driver before 1.0, do not get FEATURES_OK" {
        write(device_status, 3)
        write(device_status, 11)
        expect read(device_status) == 3
        write(driver_feature, 1)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        expect read(device_status) == 3
        write(driver_feature_select, 0)
        write(driver_feature, 0)
        write(device_status, 11)
        expect read(device_status) == 11
    }
    test "DRIVER_OK without FEATURES_OK is not taken, and bits are not cleared" {
        write(device_status, 7)
        expect read(device_status) == 3
        write(device_status, 1)
        expect read(device_status) == 3
        write(status_word, 0x100)
        expect read(device_status) == 3
        write(status_word, 0x80)
        expect read(device_status) == 0x83
    }
    test "sizes are powers of two and no larger than the device can have" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        for v in 0..8 { write(queue_size_word, v * 3 + 5) }
        expect read(queue_size_word) == 8
        write(queue_size_word, 0)
        expect read(queue_size_word) == 8
        write(queue_size_word, 512)
        expect read(queue_size_word) == 8
        write(queue_num, 0x10010)
        expect read(queue_size_word) == 8
    }
    test "rings that stand at odd addresses are not enabled" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_desc[0], 0x1008)
        write(queue_enable, 1)
        expect read(queue_enable) == 0
        write(queue_desc[0], 0x1010)
        write(queue_enable, 1)
        expect read(queue_enable) == 1
        write(queue_desc[0], 0x2000)
        expect read(queue_desc[0]) == 0x1010
    }
    test "a queue that is not there" {
        write(queue_select_word, 1)
        expect read(queue_size_word) == 0
        expect read(queue_num_max) == 0
        write(queue_select, 0x10000)
        expect read(queue_size_word) == 0
        write(queue_msix_vector, 3)
        expect read(queue_msix_vector) == 0xffff
    }
    test "writing 0 to the status takes everything back, over either transport" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_size_word, 16)
        write(queue_enable, 1)
        write(device_status, 15)
        host.used(0)
        host.config_changed()
        write(status_word, 0)
        expect read(device_status) == 0
        expect read(queue_size_word) == 256
        expect read(queue_enable) == 0
        expect read(driver_feature_select) == 0
        expect read(config_generation_byte) == 1
        expect !irq
        write(notify_queue0, 0)
        expect host.notified0.len == 0
    }
    test "MSI-X takes the place of the line" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_msix_vector, 1)
        write(config_msix_vector, 0)
        write(device_status, 15)
        host.msix(1)
        host.used(0)
        host.config_changed()
        expect host.msi.pop_or(9) == 1
        expect host.msi.pop_or(9) == 0
        expect !irq
        host.msix(0)
        host.used(0)
        expect irq
        expect host.msi.len == 0
    }
    test "a vector that is not there is none, and a queue without one is announced to nobody" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_msix_vector, 2)
        expect read(queue_msix_vector) == 0xffff
        write(config_msix_vector, 2)
        expect read(config_msix_vector) == 0xffff
        write(device_status, 15)
        host.msix(1)
        host.used(0)
        expect host.msi.len == 0
        expect !irq
    }
    test "a queue that the device cannot use is not enabled" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_enable, 1)
        host.refused(0)
        host.broken()
        expect read(queue_enable) == 0
        expect read(device_status) == 0x4b
        expect !irq
        write(device_status, 15)
        write(notify_queue0, 0)
        expect host.notified0.len == 0
    }
    test "a driver that runs can take a queue back, for good" {
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_ready, 1)
        expect host.queue_enabled.pop_or(9) == 0
        write(device_status, 15)
        expect read(queue_ready_live) == 1
        write(queue_ready_live, 0)
        expect host.queue_stopped.pop_or(9) == 0
        expect read(queue_ready_live) == 0
        write(queue_ready_live, 1)
        expect read(queue_enable) == 0
        write(queue_notify, 0)
        expect host.notified0.len == 0
    }
    test "a device that is broken says so, once, and takes no more notifications" {
        host.broken()
        expect read(device_status) == 0
        write(device_status, 3)
        write(driver_feature_select, 1)
        write(driver_feature, 1)
        write(device_status, 11)
        write(queue_enable, 1)
        write(device_status, 15)
        host.broken()
        expect read(device_status) == 0x4f
        expect read(isr_byte) == 2
        host.broken()
        expect !irq
        write(notify_queue0, 0)
        expect host.notified0.len == 0
    }
}
