namespace EdgeGateway.Devices;

/// <summary>A call into a driver that nobody trusts: on a thread of its own right, under a deadline.</summary>
internal static class DriverCall
{
    /// <param name="call">A driver that blocks in the kernel takes a thread with it, never the caller.</param>
    /// <exception cref="DriverHangsException">It has not come back; the call goes on and is to be abandoned.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> call, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = limit.Token;
        var running = Task.Run(() => call(token).AsTask(), CancellationToken.None);
        try
        {
            return await running.WaitAsync(deadline, time, cancellationToken);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            await limit.CancelAsync();
            throw new DriverHangsException(running.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default), deadline);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            _ = running.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default); // observed, whatever it comes to
            throw;
        }
    }

    public static Task RunAsync(Func<CancellationToken, ValueTask> call, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync<bool>(
            async token =>
            {
                await call(token);
                return true;
            },
            deadline, time, cancellationToken);
}
