namespace EdgeGateway.Tests.Identity.Authorizers;

/// <summary>A function of the configuration, as a shell loop that gives the answer a file holds and counts the questions.</summary>
internal sealed class AnsweringFunction : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("function-").FullName;

    public AnsweringFunction(string answer) => Answer(answer);

    /// <summary>Configuration under which it is called <c>door</c>.</summary>
    public string Yaml => $$"""identity: { functions: { door: { command: ["sh", "-c", "while read -r line; do echo x >> {{_folder}}/asked; cat {{_folder}}/answer; done"] } } }""";

    public int Asked => File.Exists(Path.Combine(_folder, "asked")) ? File.ReadAllLines(Path.Combine(_folder, "asked")).Length : 0;

    public void Answer(string json)
    {
        // A new file in its place: the last question's cat may still be looking for the end of the old one.
        File.WriteAllText(Path.Combine(_folder, "next"), json.ReplaceLineEndings(" ") + "\n");
        File.Move(Path.Combine(_folder, "next"), Path.Combine(_folder, "answer"), overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
