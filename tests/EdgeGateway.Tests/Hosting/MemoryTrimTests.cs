using EdgeGateway.Hosting;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class MemoryTrimTests
{
    private static string Map(string span, string flags, string path, int anonymous) => $"""
        {span} {flags} 00000000 fe:01 131                        {path}
        Size:                100 kB
        Rss:                  50 kB
        Anonymous:      {anonymous,8} kB
        VmFlags: rd mr mw me sd
        """;

    [Fact]
    public void Unchanged_TakesCodeAndConstantsAlone()
    {
        string[] maps =
        [
            Map("55d000000000-55d000010000", "r--p", "/usr/lib/x/gateway", 0),
            Map("55d000010000-55d000050000", "r-xp", "/usr/lib/x/gateway", 0),
            Map("55d000050000-55d000060000", "r--p", "/usr/lib/x/gateway", 12), // the loader wrote here, and made it read-only then
            Map("55d000060000-55d000070000", "rw-p", "/usr/lib/x/gateway", 0),
            Map("55d000070000-55d000080000", "r-xp", "/usr/lib/x/gateway.so", 0),
            Map("7f0000000000-7f0000001000", "r--s", "/usr/lib/x/gateway", 0),
            "7f0000001000-7f0000002000 rw-p 00000000 00:00 0 \nAnonymous:             0 kB",
            "7ffc00000000-7ffc00021000 r-xp 00000000 00:00 0                  [vdso]\nAnonymous:             0 kB",
        ];
        Assert.Equal(
            [(0x55d000000000UL, 0x10000UL), (0x55d000010000UL, 0x40000UL)],
            MemoryTrim.Unchanged(string.Join('\n', maps).Split('\n'), "/usr/lib/x/gateway"));
    }

    [Fact]
    public void Unchanged_OfThisProcess_FindsItsProgram() => Assert.NotEmpty(MemoryTrim.Unchanged(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!));
}
