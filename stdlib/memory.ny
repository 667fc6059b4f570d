"""Memory: pages, regions, and x86 paging as computation."""

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const PAGE_SIZE = 4096
const PAGE_SHIFT = 12
const LARGE_PAGE_SIZE = 2 * MIB
const HUGE_PAGE_SIZE = GIB

# Flags of a page table entry (Intel SDM volume 3, section 4.5)
const PTE_PRESENT = 0x1
const PTE_WRITABLE = 0x2
const PTE_USER = 0x4
const PTE_ACCESSED = 0x20
const PTE_DIRTY = 0x40
const PTE_LARGE = 0x80
const PTE_GLOBAL = 0x100
const PTE_ADDRESS = 0xFFFFFFFFFF000

fn page_align_down(address: int, size: int = PAGE_SIZE) -> int { return address & ~(size - 1) }
fn page_align_up(address: int, size: int = PAGE_SIZE) -> int {
    return (address + size - 1) & ~(size - 1)
}
fn is_page_aligned(address: int, size: int = PAGE_SIZE) -> bool {
    return (address & (size - 1)) == 0
}
fn page_number(address: int) -> int { return address >> PAGE_SHIFT }
fn page_count(bytes: int) -> int {
    """Pages that so many bytes take."""
    return page_align_up(bytes) >> PAGE_SHIFT
}
fn dirty_bitmap_bytes(memory_bytes: int) -> int {
    """Size of a bitmap with one bit a page: 32 KiB for 1 GiB."""
    return (page_count(memory_bytes) + 7) // 8
}
fn size_text(bytes: int) -> string {
    """A size with the largest unit of which it has a whole number: `2 GiB`."""
    for unit, scale in {"GiB": GIB, "MiB": MIB, "KiB": KIB} {
        if bytes != 0 && bytes % scale == 0 { return "${bytes // scale} ${unit}" }
    }
    return "${bytes} B"
}

class MemoryRegion {
    """A range of guest-physical addresses with one meaning."""
    name: string
    base: int
    size: int
    kind: string = "ram" """ram, rom, mmio or reserved."""

    fn end(self) -> int {
        """The first address behind it."""
        return self.base + self.size
    }
    fn contains(self, address: int) -> bool {
        return address >= self.base && address < self.base + self.size
    }
    fn overlaps(self, other: MemoryRegion) -> bool {
        return self.base < other.end() && other.base < self.end()
    }
}

class MemoryMap {
    """Regions in the order of their addresses, none of which overlap."""
    regions: array<MemoryRegion> = []

    fn add(self, region: MemoryRegion) -> MemoryRegion {
        """Throws where the region overlaps another."""
        for other in self.regions {
            if other.overlaps(region) { throw "region `${region.name}` overlaps `${other.name}`" }
        }
        self.regions.push(region)
        self.regions.sort(key = fn(one) { return one.base })
        return region
    }
    fn find(self, address: int) -> MemoryRegion? {
        for region in self.regions {
            if region.contains(address) { return region }
        }
        return null
    }
    fn ram_bytes(self) -> int {
        return sum([region.size for region in self.regions if region.kind == "ram"])
    }
    fn lines(self) -> array<string> {
        """One line a region, for people."""
        return [
            "${region.base:#012x}-${region.end() - 1:#012x} ${region.kind} ${region.name}"
            for region in self.regions
        ]
    }
}

class Translation {
    """What a walk of page tables found."""
    address: int
    page_size: int
    flags: int
}

class PageTable {
    """Four levels of page tables of 512 entries, in 4 KiB steps (or 2 MiB and 1 GiB pages): what CR3, EPT and an IOMMU's domain point to.

    It is arithmetic on a map of tables, not memory of a guest."""
    tables: map<int, map<int, int>> = {} """By the address that the table would have."""

    fn init(self, root: int = 0x1000) {
        self.root = root
        self.next_table = root + PAGE_SIZE
        self.tables[root] = {}
    }

    fn indices(self, address: int) -> array<int> {
        """The four table indices of an address: PML4, PDPT, PD, PT."""
        return [address >> shift & 0x1FF for shift in [39, 30, 21, 12]]
    }

    fn map(
        self,
        virtual: int,
        physical: int,
        flags: int = PTE_PRESENT | PTE_WRITABLE,
        page_size: int = PAGE_SIZE,
    ) {
        """Maps one page. Throws where the addresses are not aligned to it or something is mapped there."""
        if !is_page_aligned(virtual, page_size) || !is_page_aligned(physical, page_size) {
            throw "a page of ${size_text(page_size)} must be aligned to its size"
        }
        let mut table = self.root
        let path = self.indices(virtual)
        let leaf = {(HUGE_PAGE_SIZE): 1, (LARGE_PAGE_SIZE): 2, (PAGE_SIZE): 3}[page_size]
        for level in 0..leaf {
            let entries = self.tables[table]
            if !entries.has(path[level]) {
                entries[path[level]] = self.next_table | PTE_PRESENT | PTE_WRITABLE
                self.tables[self.next_table] = {}
                self.next_table += PAGE_SIZE
            }
            if (entries[path[level]] & PTE_LARGE) != 0 {
                throw "a larger page is mapped at ${hex(virtual)}"
            }
            table = entries[path[level]] & PTE_ADDRESS
        }
        if self.tables[table].has(path[leaf]) { throw "${hex(virtual)} is mapped already" }
        self.tables[table][path[leaf]] = physical |
            flags |
            PTE_PRESENT |
            [PTE_LARGE, PTE_LARGE, PTE_LARGE, 0][leaf]
    }

    fn map_range(
        self,
        virtual: int,
        physical: int,
        size: int,
        flags: int = PTE_PRESENT | PTE_WRITABLE,
    ) -> int {
        """Maps a range by the largest pages that fit; gives their number."""
        let mut done = 0
        let mut pages = 0
        while done < size {
            let mut step = PAGE_SIZE
            for candidate in [HUGE_PAGE_SIZE, LARGE_PAGE_SIZE] {
                if size - done >= candidate &&
                        is_page_aligned(virtual + done, candidate) &&
                        is_page_aligned(physical + done, candidate) {
                    step = candidate
                    break
                }
            }
            self.map(virtual + done, physical + done, flags, step)
            done += step
            pages += 1
        }
        return pages
    }

    fn translate(self, virtual: int) -> Translation? {
        """Walks the tables as hardware does; null where nothing is mapped."""
        let mut table = self.root
        let mut shift = 39
        while true {
            let entry = self.tables[table].get(virtual >> shift & 0x1FF, 0)
            if (entry & PTE_PRESENT) == 0 { return null }
            if shift == 12 || (entry & PTE_LARGE) != 0 {
                let size = 1 << shift
                return Translation(
                    (entry & PTE_ADDRESS) + (virtual & (size - 1)),
                    size,
                    entry & 0xFFF,
                )
            }
            table = entry & PTE_ADDRESS
            shift -= 9
        }
    }

    fn unmap(self, virtual: int) -> bool {
        """Takes the page at that address out; false where there is none."""
        let mut table = self.root
        let mut shift = 39
        while true {
            let index = virtual >> shift & 0x1FF
            let entry = self.tables[table].get(index, 0)
            if (entry & PTE_PRESENT) == 0 { return false }
            if shift == 12 || (entry & PTE_LARGE) != 0 { return self.tables[table].remove(index) }
            table = entry & PTE_ADDRESS
            shift -= 9
        }
    }

    fn unmap_range(self, virtual: int, size: int) -> int {
        """Takes all pages of a range out; gives their number."""
        let mut at = virtual
        let mut pages = 0
        while at < virtual + size {
            let found = self.translate(at)
            if found == null {
                at += PAGE_SIZE
                continue
            }
            self.unmap(at)
            at += found.page_size
            pages += 1
        }
        return pages
    }

    fn table_bytes(self) -> int {
        """Memory that the tables would take."""
        return len(self.tables) * PAGE_SIZE
    }
}
