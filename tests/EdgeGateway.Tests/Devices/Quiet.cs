using EdgeGateway.Storage;

namespace EdgeGateway.Tests.Devices;

/// <summary>
/// Waits until the thread pool has nothing to do and the database has written all it was given, however slow the disk is: with a virtual clock
/// everything that was due has then happened. Only for tests that run alone (<see cref="VirtualTime"/>).
/// </summary>
internal static class Quiet
{
    private const int Rounds = 3;

    public static async Task WaitAsync(Database? database = null)
    {
        await Task.Yield();
        for (var quiet = 0; quiet < Rounds;)
        {
            var done = ThreadPool.CompletedWorkItemCount;
            Thread.Yield();
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var idle, out _);
            var others = most - idle - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
            quiet = others == 0 && database is not { Pending: > 0 } && ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount == done ? quiet + 1 : 0;
            if (quiet == 0)
                await Task.Yield();
        }
    }
}
