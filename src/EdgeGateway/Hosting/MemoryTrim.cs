using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGateway.Hosting;

/// <summary>
/// Gives memory back that only the start needed: once what the heap keeps in reserve, and now and then the pages of the program's own file that
/// nothing has touched since. The kernel maps whole neighbourhoods of each page that is used once, and they stay mapped for ever; unmapped they lie
/// in the file cache, and are the first to go when memory is short. What is still needed is mapped again at its next use, from the cache.
/// </summary>
/// <remarks>Native programs only: under the run-time compiler the code is not in the program's file.</remarks>
internal sealed partial class MemoryTrim(TimeProvider time, ILogger<MemoryTrim> logger) : BackgroundService
{
    private const int DontNeed = 4; // MADV_DONTNEED of madvise(2)
    private const long SmallHeap = 64 << 20; // bytes; a larger one has use for its reserve, and would stand still for long while it is compacted
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10), Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (RuntimeFeature.IsDynamicCodeSupported || !OperatingSystem.IsLinux() || Environment.ProcessPath is not { } program)
            return;
        await Task.Delay(First, time, stoppingToken);
        if (GC.GetTotalMemory(forceFullCollection: false) < SmallHeap)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        while (true)
        {
            Release(program);
            await Task.Delay(Every, time, stoppingToken);
        }
    }

    /// <summary>Where the program's file lies unchanged in memory: its code and its constants, not what the loader or the program wrote to.</summary>
    /// <param name="maps">The lines of <c>/proc/PID/smaps</c> (proc(5)).</param>
    internal static IEnumerable<(ulong Start, ulong Length)> Unchanged(IEnumerable<string> maps, string program)
    {
        (ulong Start, ulong Length)? range = null;
        foreach (var line in maps)
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (words is [var span, ['r', '-', _, 'p'], _, _, _, var path] && path.TrimEnd() == program && span.Split('-') is [var start, var end])
            {
                var from = ulong.Parse(start, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                range = (from, ulong.Parse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) - from);
            }
            else if (words is [.., _, _] && words[0].Contains('-', StringComparison.Ordinal))
            {
                range = null; // another mapping
            }
            else if (words is ["Anonymous:", "0", "kB"] && range is { } unchanged)
            {
                yield return unchanged;
                range = null;
            }
        }
    }

    private void Release(string program)
    {
        try
        {
            foreach (var (start, length) in Unchanged(File.ReadLines("/proc/self/smaps"), program))
                if (Advise((nint)start, (nuint)length, DontNeed) != 0)
                    LogNotReleased(Marshal.GetLastPInvokeErrorMessage());
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogNotReleased(ex.Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint start, nuint length, int advice);

    [LoggerMessage(9021, LogLevel.Debug, "Pages of the program that only the start needed stay mapped: {Reason}")]
    private partial void LogNotReleased(string reason);
}
