using System.Runtime.InteropServices;

namespace EdgeGateway.Identity.Certificates;

/// <summary>Asks Linux whether network time disciplines the clock: timesyncd's mark, or the kernel's own word (chrony and ntpd clear STA_UNSYNC).</summary>
internal static partial class ClockSynchronisation
{
    private const int TimexBytes = 208;                              // struct timex on 64-bit Linux, adjtimex(2)
    private const int TimeError = 5;                                 // TIME_ERROR: clock not synchronised

    public static bool IsSynchronised()
    {
        if (File.Exists("/run/systemd/timesync/synchronized"))
            return true;
        Span<byte> timex = stackalloc byte[TimexBytes];
        timex.Clear();                                               // modes = 0: read only
        var state = AdjTimeX(ref MemoryMarshal.GetReference(timex));
        return state is >= 0 and not TimeError;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjTimeX(ref byte timex);
}
