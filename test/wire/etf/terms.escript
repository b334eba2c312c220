#!/usr/bin/env escript
%% The other side of the ETF tests: real Erlang.
%%
%%   escript terms.escript write COUNT SEED FILE   random terms, each as ETF and as JSON
%%   escript terms.escript read FILE OUT           terms in ETF, each written again as JSON and as ETF
%%
%% Files hold blocks of bytes, each after its length in 4 bytes. In JSON, integers over 32 bits are strings.
-mode(compile).

main(["write", Count, Seed, File]) ->
    rand:seed(exsss, list_to_integer(Seed)),
    Blocks = [begin T = term(3), [block(external(T)), block(json(T))] end
              || _ <- lists:seq(1, list_to_integer(Count))],
    ok = file:write_file(File, Blocks);
main(["read", File, Out]) ->
    {ok, Bytes} = file:read_file(File),
    Blocks = [begin T = binary_to_term(B), [block(json(T)), block(external(T))] end || B <- blocks(Bytes)],
    ok = file:write_file(Out, Blocks).

block(Data) -> Bytes = iolist_to_binary(Data), [<<(byte_size(Bytes)):32>>, Bytes].

blocks(<<>>) -> [];
blocks(<<Size:32, Block:Size/binary, Rest/binary>>) -> [Block | blocks(Rest)].

%% Every form that Erlang can write: old and new floats and atoms, plain and compressed.
external(T) ->
    term_to_binary(T, [{minor_version, rand:uniform(3) - 1} | case rand:uniform(4) of 1 -> [compressed]; _ -> [] end]).

term(0) -> leaf(rand:uniform(9));
term(Depth) ->
    case rand:uniform(8) of
        1 -> maps:from_list([{key(), term(Depth - 1)} || _ <- some(4)]);
        2 -> maps:from_list([{key(), term(Depth - 1)} || _ <- some(4)]);
        3 -> [term(Depth - 1) || _ <- some(5)];
        4 -> list_to_tuple([term(Depth - 1) || _ <- some(case rand:uniform(50) of 1 -> 300; _ -> 3 end)]);
        _ -> term(0)
    end.

leaf(1) -> lists:nth(rand:uniform(4), [nil, null, true, false]);
leaf(2) -> atom();
leaf(3) -> rand:uniform(256) - 1;
leaf(4) -> sign(rand:uniform(1 bsl rand:uniform(32)) - 1);
leaf(5) -> sign(rand:uniform(1 bsl (32 + rand:uniform(40))));
leaf(6) -> sign(case rand:uniform(100) of 1 -> rand:uniform(1 bsl 2048); _ -> 1 bsl rand:uniform(66) end);
leaf(7) -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(600) - 300);
leaf(8) -> [rand:uniform(256) - 1 || _ <- some(20)];
leaf(9) -> text(40).

sign(Integer) -> case rand:uniform(3) of 1 -> -Integer; _ -> Integer end.
some(Most) -> lists:seq(1, rand:uniform(Most + 1) - 1).
key() -> case rand:uniform(4) of 1 -> text(30); 2 -> rand:uniform(1 bsl rand:uniform(70)) - 1; _ -> atom() end.
atom() -> lists:nth(rand:uniform(8), [id, guild_id, 'GUILD_CREATE', d, 'äöü', 'ключ', '', nil]).
text(Most) -> unicode:characters_to_binary([character(rand:uniform(5)) || _ <- some(Most)]).
character(1) -> rand:uniform(128) - 1;
character(2) -> 16#80 + rand:uniform(16#700);
character(3) -> 16#1F600 + rand:uniform(60);
character(_) -> 96 + rand:uniform(26).

json(T) when is_map(T) ->
    [${, lists:join($,, [[name(K), $:, json(V)] || {K, V} <- maps:to_list(T)]), $}];
json(T) when is_list(T) -> [$[, lists:join($,, [json(E) || E <- T]), $]];
json(T) when is_tuple(T) -> json(tuple_to_list(T));
json(T) when is_binary(T) -> string(T);
json(T) when T =:= nil; T =:= null -> "null";
json(true) -> "true";
json(false) -> "false";
json(T) when is_atom(T) -> string(atom_to_binary(T, utf8));
json(T) when is_integer(T), abs(T) > 16#FFFFFFFF -> [$", integer_to_list(T), $"];
json(T) when is_integer(T) -> integer_to_list(T);
json(T) when is_float(T) -> float_to_binary(T, [short]).

name(K) when is_atom(K) -> string(atom_to_binary(K, utf8));
name(K) when is_integer(K) -> [$", integer_to_list(K), $"];
name(K) -> string(K).

string(Text) -> [$", [escape(C) || <<C/utf8>> <= Text], $"].
escape(C) when C < 32; C =:= $"; C =:= $\\ -> io_lib:format("\\u~4.16.0b", [C]);
escape(C) -> <<C/utf8>>.
