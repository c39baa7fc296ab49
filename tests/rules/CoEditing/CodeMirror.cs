using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchoolHome.Tests.Rules.CoEditing;

/// <summary>The real CodeMirror in a Node process that answers line by line.</summary>
internal sealed class CodeMirror : IDisposable
{
    private const string Folder = "tests/rules/CoEditing/differential";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Process _node;
    private readonly Task<string> _complaints;

    private CodeMirror(Process node)
    {
        _node = node;
        _complaints = node.StandardError.ReadToEndAsync();
    }

    public static CodeMirror Start()
    {
        var folder = Path.Combine(Root(), Folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@codemirror", "collab")))
            throw new InvalidOperationException($"CodeMirror is not installed: run 'npm ci' in {Folder} (tests/run.sh does).");
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo("node", ["codemirror.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        try
        {
            return new CodeMirror(Process.Start(start) ?? throw new InvalidOperationException("Node did not start."));
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("The differential test needs 'node' on the PATH.", e);
        }
    }

    public async Task<JsonNode> Ask(JsonObject question)
    {
        var asked = question.ToJsonString(Plain);
        await _node.StandardInput.WriteLineAsync(asked);
        await _node.StandardInput.FlushAsync();
        var answer = await _node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return answer is null
            ? throw new InvalidOperationException($"CodeMirror gave up on {asked}: {await _complaints.WaitAsync(Patience)}")
            : JsonNode.Parse(answer)!;
    }

    /// <summary>Fails unless CodeMirror's answer is the very same JSON.</summary>
    public async Task AssertAnswers(JsonNode expected, JsonObject question, string seed)
    {
        var answer = await Ask(question);
        if (!JsonNode.DeepEquals(expected, answer))
        {
            Assert.Fail($"""
                Seed {seed}.
                Asked:      {question.ToJsonString(Plain)}
                CodeMirror: {answer.ToJsonString(Plain)}
                Ours:       {expected.ToJsonString(Plain)}
                """);
        }
    }

    public void Dispose()
    {
        // It ends by itself when it has no more input; killed only if it hangs.
        _node.StandardInput.Close();
        if (!_node.WaitForExit(Patience))
            _node.Kill();
        _node.Dispose();
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SchoolHome.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside of the repository: there is no SchoolHome.sln above them.");
    }
}
