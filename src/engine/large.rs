//! Arrays that grow with the number of people, on large pages where the system has them: read here and there, each read
//! would else look up its page first.

use allocator_api2::vec::Vec;
use hugealloc::HugeAlloc;

/// As the standard library's vector, but that beyond 2 MiB the system is asked for pages of that size (`madvise` on Linux).
pub(super) type LargeVec<T> = Vec<T, HugeAlloc>;

/// An empty one, which takes no memory.
pub(super) const fn large_vec<T>() -> LargeVec<T> {
    Vec::new_in(HugeAlloc)
}
