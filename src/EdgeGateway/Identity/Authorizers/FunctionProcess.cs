using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Authorizers;

/// <summary>A program that answers line by line. It is started at the first question, and anew after it ended, failed or was too slow.</summary>
internal sealed class FunctionProcess(IReadOnlyList<string> command) : IDisposable
{
    private const int MaxAnswerCharacters = 64 * 1024;
    private readonly SemaphoreSlim _one = new(1);                    // one question at a time: answers carry no number
    private Process? _process;

    /// <exception cref="FunctionFailedException">It does not start, ended, or answered no JSON object.</exception>
    /// <exception cref="OperationCanceledException">Too slow; the program is killed, so that its late answer is nobody else's.</exception>
    public async Task<JsonObject> AskAsync(JsonObject input, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var answer = await ExchangeAsync(input.ToJsonString(), cancellationToken);
            return StrictJson.Parse(Encoding.UTF8.GetBytes(answer)) as JsonObject ?? throw new FunctionFailedException("the answer is no JSON object");
        }
        catch (Exception fault)
        {
            Stop();
            if (fault is IOException or Win32Exception or InvalidOperationException or System.Text.Json.JsonException)
                throw new FunctionFailedException($"{command[0]}: {fault.Message}", fault);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        Stop();
        _one.Dispose();
    }

    private async Task<string> ExchangeAsync(string question, CancellationToken cancellationToken)
    {
        if (_process is null or { HasExited: true })
        {
            Stop();
            _process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true })
                ?? throw new FunctionFailedException($"{command[0]} did not start");
        }
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(question + "\n"), cancellationToken);
        await _process.StandardInput.BaseStream.FlushAsync(cancellationToken);
        return await LineAsync(_process.StandardOutput, cancellationToken);
    }

    private static async Task<string> LineAsync(StreamReader output, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new char[1];
        while (await output.ReadAsync(one, cancellationToken) == 1)
        {
            if (one[0] == '\n')
                return line.ToString();
            if (line.Append(one[0]).Length > MaxAnswerCharacters)
                throw new FunctionFailedException($"the answer is longer than {MaxAnswerCharacters} characters");
        }
        throw new FunctionFailedException("the program ended without an answer");
    }

    private void Stop()
    {
        if (_process is not { } process)
            return;
        _process = null;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
        process.Dispose();
    }
}
