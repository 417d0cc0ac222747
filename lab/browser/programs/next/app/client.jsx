"use client";
import { useEffect } from "react";
import { table, user } from "../table.js";

export default function Client() {
  useEffect(() => {
    globalThis.seen = table();
  }, []);
  return <p>{user.get()}</p>;
}
