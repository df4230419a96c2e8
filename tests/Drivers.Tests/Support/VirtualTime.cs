using Microsoft.Extensions.Time.Testing;

namespace Drivers.Tests.Support;

/// <summary>Lets virtual time pass until something is done.</summary>
internal static class VirtualTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMinutes(10);

    public static async Task<T> RunAsync<T>(this FakeTimeProvider time, ValueTask<T> work)
    {
        var task = work.AsTask();
        await time.RunAsync(task);
        return await task;
    }

    public static Task RunAsync(this FakeTimeProvider time, ValueTask work) => time.RunAsync(work.AsTask());

    /// <remarks>On the pool, where continuations run at once within <c>Advance</c>: a test's own context would have them come later than the time they wait for.</remarks>
    public static Task RunAsync(this FakeTimeProvider time, Task work) => Task.Run(() => StepAsync(time, work));

    private static async Task StepAsync(FakeTimeProvider time, Task work)
    {
        for (var passed = TimeSpan.Zero; !work.IsCompleted; passed += Step)
        {
            if (passed > Longest)
                throw new TimeoutException("Not done in ten virtual minutes.");
            time.Advance(Step);
            await Task.Yield();
        }

        await work;
    }
}
